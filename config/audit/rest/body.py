"""Strict JSON: checked for size, depth, repeated names and numbers that are not plain, before anything else."""

import json
import re
from decimal import Decimal
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_BODY = 1_048_576
MAX_DEPTH = 20
MAX_DIGITS = 40
# A text that never ends counts as one token too; else each quote in it would search to the end of the body again.
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than 1 MiB."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """JSON without repeated names, NaN, lone surrogates, depth over 20 or bodies over 1 MiB.

    Numbers with a point become Decimal.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise TooLarge()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        _check_depth(text)
        try:
            found = json.loads(
                text,
                object_pairs_hook=_no_repeats,
                parse_float=_decimal,
                parse_int=_integer,
                parse_constant=_no_constant,
            )
        except (json.JSONDecodeError, RecursionError):
            raise ParseError("The body is not JSON.") from None
        if "\\u" in text:
            _check_characters(found)
        return found


def _check_depth(text: str) -> None:
    depth = 0
    for token in _STRUCTURE.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _check_characters(value: Any) -> None:
    """Half a character can be written as an escape, but neither stored nor sent back."""
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise ParseError("The body holds half a character (a lone surrogate).")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_characters(name)
            _check_characters(item)
    elif isinstance(value, list):
        for item in value:
            _check_characters(item)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("The body names a key twice.")
    return found


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS or "e" in text.lower():
        raise ParseError('A number has too many digits or an exponent. Write masses as text, like "12.5".')
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ParseError("A number has too many digits.")
    return int(text)


def _no_constant(text: str) -> Any:
    raise ParseError(f"{text} is not a number.")
