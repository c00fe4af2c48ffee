"""Sentences that the system recorded in English, in the language of whoever reads them."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from django.utils.translation import gettext

from config.ui import figures

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def told(text: str, patterns: Iterable[str]) -> str:
    """`text` in the language spoken where it is one of `patterns` (marked sentences with {places}); else as it stands.

    Days that stand as YYYY-MM-DD are written as the language writes them; what a person wrote is never touched.
    """
    for words in patterns:
        if found := _reading(words).fullmatch(text):
            return gettext(words).format(**{name: _fact(value) for name, value in found.groupdict().items()}).strip()
    return text


@cache
def _reading(words: str) -> re.Pattern[str]:
    """The pattern as an expression: `Split off {lot}` reads `Split off RE-26-00001`."""
    parts = re.split(r"\{(\w+)\}", words)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL
    )


def _fact(value: str) -> str:
    return figures.day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
