"""What people and programs may send: plain digits, plain text, moments with an offset. Checked before anything else."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused
from config.ui import figures

_PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FUTURE = timedelta(minutes=5)
# The largest numbers that a row's id and its version can have.
MOST_ID, MOST_VERSION = 2**63 - 1, 2**31 - 1


class NotPlain(ValueError):
    """A value that is not written plainly; the text says what to write instead."""


class BadText(Refused):
    code = "bad_text"
    status = 422
    template = _("{what} {why}")


class InTheFuture(Refused):
    code = "in_the_future"
    status = 422
    template = _("{at} lies in the future. Record what has happened; plans have their own place.")
    field = "occurred_at"


class BadMoment(Refused):
    code = "bad_moment"
    status = 422
    template = _("{value} is not a moment. Write it like 2026-11-24T14:30:00Z.")
    field = "occurred_at"


def decimal(value: object) -> Decimal:
    """A plainly written decimal: ASCII digits and one point. Raises NotPlain, also for NaN, 1e400, 1_000 and ٣.٥."""
    if isinstance(value, bool | float):
        raise NotPlain(_("write it as text with plain digits."))
    if isinstance(value, int):
        value = str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotPlain(_("it is not a number."))
        value = format(value, "f") if -30 <= value.adjusted() <= 30 else "?"
    if not isinstance(value, str) or not _PLAIN.fullmatch(value.strip(" ")):
        raise NotPlain(_("write plain digits with a point, like 12.5."))
    return Decimal(value.strip(" "))


def typed(text: str) -> str:
    """What a person typed on a page, as `decimal` reads it: where the language writes a decimal comma, one comma and no
    point is the decimal mark. Groups are never guessed: `1,234` in French is 1.234, in English it is refused."""
    comma = figures.plain("0.5") == "0,5"
    return text.replace(",", ".") if comma and text.count(",") == 1 and "." not in text else text


def plain(value: Decimal) -> str:
    """The decimal written as `decimal` reads it: no exponent, no zeros behind its last digit; exact however long it is."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def text(
    value: object, *, what: str | Promise, longest: int, required: bool = False, lines: bool = False, field: str = ""
) -> str:
    """Text without control, bidirectional or NUL characters, NFC, stripped. Raises BadText."""
    if not isinstance(value, str):
        raise _bad(what, _("must be text."), field)
    clean = unicodedata.normalize("NFC", value).strip()
    allowed = "\n\r\t" if lines else ""
    if any((unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in allowed) or c in _BIDI for c in clean):
        raise _bad(what, _("has characters that cannot be shown (control or direction marks). Type it again."), field)
    if len(clean) > longest:
        raise _bad(what, format_lazy(_("is longer than {longest} characters."), longest=longest), field)
    if required and not clean:
        raise _bad(what, _("is needed."), field)
    return clean


def _bad(what: str | Promise, why: str | Promise, field: str) -> BadText:
    bad = BadText(what=what, why=why)
    return bad.at(field or str(bad.facts["what"]).lower().replace(" ", "_"))


def moment(value: object, *, now: datetime) -> datetime:
    """An RFC 3339 moment, not more than 5 minutes ahead of `now`; None or '' is `now`. Raises BadMoment, InTheFuture."""
    if value in (None, ""):
        return now
    found: datetime | None = value if isinstance(value, datetime) else None
    if isinstance(value, str) and value.isascii() and len(value) < 40:
        try:
            found = parse_datetime(value)
        except ValueError:
            found = None
    if found is None:
        raise BadMoment(value=str(value)[:40])
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        raise BadMoment(value=str(value)[:40]) from None
    return not_ahead(found, now=now)


def not_ahead(at: datetime, *, now: datetime) -> datetime:
    """`at`, unless it is more than 5 minutes ahead of `now` or before 1900. Raises InTheFuture, BadMoment."""
    if at > now + FUTURE:
        raise InTheFuture(at=at.isoformat(timespec="seconds"))
    if at.year < 1900:
        raise BadMoment(value=at.isoformat())
    return at


def day(value: object) -> date:
    """A day written as YYYY-MM-DD, of this century, the last or the next. Raises NotPlain."""
    found: date | None = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
    if found is None:
        raise NotPlain(_("write the day like 2026-11-24."))
    if not 1900 <= found.year < 2200:
        raise NotPlain(_("give a year between 1900 and 2199."))
    return found


def key(value: object) -> UUID:
    """An idempotency key: a UUID in its usual spelling. Raises NotPlain."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value, re.ASCII):
        return UUID(value)
    raise NotPlain(_("the key must be a UUID like 3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00."))
