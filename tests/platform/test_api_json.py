"""What the parser of the API takes for JSON."""

import io
import time
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.exceptions import APIException, ParseError

from config.audit.rest.body import MAX_BODY, StrictJSONParser, TooLarge


def parse(body: bytes) -> Any:
    return StrictJSONParser().parse(io.BytesIO(body))


def test_it_keeps_numbers_exact() -> None:
    assert parse(b'{"a": 0.1, "b": 12, "c": -0.000001}') == {"a": Decimal("0.1"), "b": 12, "c": Decimal("-0.000001")}


def test_it_reads_brackets_and_quotes_in_text_as_text() -> None:
    assert parse(b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[", "b": "\\"}{\\\\"}') == {"a": "[" * 25, "b": '"}{\\'}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"{'a': 1}", b'{"a": 1,}', b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"a": 1, "a": 2}',
     b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e400}', b'{"a": 1E5}',
     b'{"a": 01}', b'{"a": 1_000}', b'{"a": ' + b"9" * 5000 + b"}",
     b'{"a": 0.' + b"1" * 5000 + b"}", b'{"a": "\\ud800"}', b'{"\\udfff": 1}', b'{"a": ["\\ud83d x"]}',
     b'{"a": "\x00"}', b'"\\', b'{"a" "b"}',
     b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 21 + b"]" * 21],
)  # fmt: skip
def test_it_refuses_anything_else(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)


def test_it_stops_reading_past_its_limit() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            assert size == MAX_BODY + 1
            return b" " * size

    with pytest.raises(TooLarge):
        StrictJSONParser().parse(Endless())


@pytest.mark.parametrize(
    "body",
    [
        b'"\\"' * (MAX_BODY // 3),
        b'"' + b'\\"' * (MAX_BODY // 2 - 1),
        b'"\\' * (MAX_BODY // 2),
        b'[""' * (MAX_BODY // 3),
    ],
)
def test_it_takes_no_longer_for_a_body_made_to_be_slow(body: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(APIException):
        parse(body)
    assert time.perf_counter() - started < 5
