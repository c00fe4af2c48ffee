"""The sites that a person may be given. The platform knows no site itself; who keeps them says which there are."""

from collections.abc import Callable

Source = Callable[[], list[tuple[str, str]]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Make the sites known: `source` gives (code, name) of each. Called when the apps load."""
    if source not in _sources:
        _sources.append(source)


def known() -> list[tuple[str, str]]:
    """Code and name of every site, by code."""
    return sorted(site for source in _sources for site in source())


def codes() -> set[str]:
    """Code of every site."""
    return {code for code, _ in known()}
