"""What a request asks for, in words: recorded in English, spoken in the language of whoever reads it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from config.ui import figures


@dataclass(frozen=True)
class Said:
    """A sentence that the catalogue knows (mark it with `gettext_noop`) and its facts.

    Facts whose name ends in `_mg` are masses, in `_on` or `_to` days as YYYY-MM-DD; a list of sentences is read with commas; other
    words are translated where the catalogue knows them.
    """

    words: str
    facts: dict[str, Any]

    def kept(self) -> dict[str, Any]:
        """As the request keeps it beside what it asks for: a JSON value."""
        return {"words": self.words, "facts": {name: _kept(value) for name, value in self.facts.items()}}

    def __str__(self) -> str:
        """In English, with masses in plain kg."""
        return self.words.format(**{name: _english(name, value) for name, value in self.facts.items()})


def speak(kept: Any, otherwise: str) -> str:
    """The sentence in the language that is spoken now; `otherwise` where none was kept."""
    if not isinstance(kept, dict) or not kept.get("words"):
        return otherwise
    try:
        facts = {name: _spoken(name, value) for name, value in kept["facts"].items()}
        words: str = kept["words"]
        return gettext(words).format(**facts)
    except (KeyError, ValueError, TypeError):
        return otherwise


def _kept(value: Any) -> Any:
    return [part.kept() for part in value] if isinstance(value, list) else value


def _english(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return (
        figures.mass(value, "kg").replace(figures.NO_BREAK, " ").replace(",", "")
        if name.endswith("_mg")
        else str(value)
    )


def _spoken(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(speak(part, "") for part in value)
    if name.endswith("_mg"):
        return figures.mass(int(value))
    if name.endswith(("_on", "_to")):
        return figures.day(date.fromisoformat(value))
    return gettext(value) if isinstance(value, str) and value else str(value)
