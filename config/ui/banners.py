"""Alarms that stand above every page until their cause is gone, such as a job that has not run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

Level = Literal["ok", "warn", "bad", "muted"]


@dataclass(frozen=True)
class Banner:
    """A sentence that says what is wrong, and where to go (`url` may be empty)."""

    level: Level
    text: str
    url: str = ""


Source = Callable[[HttpRequest], Iterable[Banner]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Adds a source; it is asked once for each full page, so it must be one cheap read. Usable as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def shown(request: HttpRequest) -> list[Banner]:
    """Every banner that stands for this person now, worst first. Nobody signed in, nothing shown."""
    if not request.user.is_authenticated:
        return []
    worst_first = ("bad", "warn", "muted", "ok")
    found = [banner for source in _sources for banner in source(request)]
    return sorted(found, key=lambda banner: worst_first.index(banner.level))
