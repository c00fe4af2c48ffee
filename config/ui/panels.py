"""How a lower app shows what a higher app knows without importing it.

The lot page (inventory) asks for the panels of "lot"; reserve and procurement registered theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A titled box: `template` is a fragment rendered with `context` and nothing else."""

    title: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    note: str | Promise = ""


Source = Callable[[HttpRequest, Any], Panel | None]
_sources: dict[str, list[tuple[int, Source]]] = {}


def register(page: str, panel: Source, order: int = 100) -> None:
    """Adds a source of one panel to a page; it answers None where it has nothing to say to this person."""
    sources = _sources.setdefault(page, [])
    if all(known is not panel for _, known in sources):
        sources.append((order, panel))
        sources.sort(key=lambda entry: entry[0])


def of(page: str, request: HttpRequest, subject: Any) -> list[Panel]:
    """The panels of this page about this subject, in order."""
    found = (source(request, subject) for _, source in _sources.get(page, []))
    return [panel for panel in found if panel is not None]
