"""A language made of brackets: every string that the catalogue knows comes out as ⟦string⟧, so that what stands outside
of brackets on a page was never marked. Facts put into a sentence stand outside of its brackets and are looked at too.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils.translation import trans_real

from tests.architecture import catalogue

OPENED, CLOSED = "⟦", "⟧"
PLACE = re.compile(r"(%\(\w+\)[a-z]|%[sd]|\{[^{}]*\})")
SEEN = ("title", "placeholder", "aria-label", "alt", "aria-description", "aria-roledescription", "label", "data-label")
UNSEEN = {"script", "style", "template"}
BUTTONS = {"submit", "button", "reset"}


def bracketed(text: str) -> str:
    """The text in brackets, but for the places where facts will stand."""
    return OPENED + PLACE.sub(rf"{CLOSED}\1{OPENED}", text) + CLOSED


class Bracketed:
    """Django's French with every translation replaced by its source in brackets; what it cannot translate stays bare."""

    def __init__(self, french: Any, asked: set[tuple[str, str]]) -> None:
        self._french, self._asked = french, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._french, name)

    def _known(self, text: str, context: str = "") -> bool:
        key = f"{context}\x04{text}" if context else text
        catalog = self._french._catalog
        return (context, text) in self._asked or any(part in catalog for part in (key, (key, 0)))

    def gettext(self, text: str) -> str:
        context, _, bare = text.rpartition("\x04")
        return bracketed(bare) if text and self._known(bare, context) else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        context, _, bare = one.rpartition("\x04")
        chosen = (one if number == 1 else many).rpartition("\x04")[2]
        return bracketed(chosen) if self._known(bare, context) else chosen

    def pgettext(self, context: str, text: str) -> str:
        return bracketed(text) if self._known(text, context) else text

    def npgettext(self, context: str, one: str, many: str, number: int) -> str:
        chosen = one if number == 1 else many
        return bracketed(chosen) if self._known(one, context) else chosen


@contextmanager
def spoken() -> Iterator[None]:
    """While it holds, French is brackets."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bracketed(trans_real.translation("fr"), set(catalogue.asked()))
        patch.setitem(vars(trans_real)["_translations"], "fr", made)
        yield


class _Reader(HTMLParser):
    """Everything that a person sees or hears on a page, piece by piece, with the language of where it stands."""

    VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.text = ""

    @property
    def _hidden(self) -> bool:
        return any(hidden for _, hidden in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = tag in UNSEEN or "code" in (given.get("class") or "").split() or given.get("lang") not in (None, "fr")
        if not (hidden or self._hidden):
            self.pieces += [given[name] or "" for name in SEEN if given.get(name)]
            self.pieces += [value or "" for name, value in attrs if name.startswith("data-say-")]
            if tag == "input" and given.get("type") in BUTTONS:
                self.pieces.append(given.get("value") or "")
        if tag not in self.VOID:
            self._open.append((tag, hidden))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def pieces(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    return [piece.strip() for piece in reader.pieces if piece.strip()]


def outside(text: str) -> str:
    """What of a text stands outside of all brackets."""
    depth, kept = 0, []
    for sign in text:
        depth += (sign == OPENED) - (sign == CLOSED)
        kept.append(sign if depth == 0 and sign != CLOSED else " ")
    return "".join(kept)
