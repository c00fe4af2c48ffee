"""Lot numbers: one lot each, however it is typed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.edge import BadText
from inventory.ledger.finding import number_key
from inventory.ledger.refusals import DuplicateLotNumber
from inventory.models import Lot

LONGEST = 40


def take(asked: Sequence[str], at: datetime) -> list[str]:
    """The numbers for new lots, in the order asked for; an empty one becomes the next of ours.

    Nobody else can take them until the command ends. Refuses DuplicateLotNumber and BadText.
    """
    numbers = [_plain(number) if number else "" for number in asked]
    keys = [number_key(number) for number in numbers if number]
    _hold(keys)
    taken = set(Lot.objects.filter(number_key__in=keys).values_list("number_key", flat=True))
    for number in numbers:
        key = number_key(number)
        if number and (key in taken or keys.count(key) > 1):
            raise DuplicateLotNumber(number=number)
    return [number or _next(at) for number in numbers]


def _plain(number: str) -> str:
    plain = edge.text(number, what=_("Lot number"), longest=LONGEST, required=True)
    if {"/", "\\"} & set(plain) or set(plain) <= {"."}:
        raise _bad(_("stands in addresses and on labels: use no slash."))
    key = number_key(plain)
    if not key or len(key) > 2 * LONGEST:
        raise _bad(_("has characters that cannot be compared. Use letters and digits."))
    return plain


def _bad(why: str | Promise) -> BadText:
    return BadText(what=_("Lot number"), why=why).at("lot_number")


def _hold(keys: Sequence[str]) -> None:
    """Let nobody else take these numbers meanwhile; in their order, so that two commands cannot wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"lot number:{key}"])


def _next(at: datetime) -> str:
    """The next of our numbers, like RE-26-00412. Those of refused receipts, and those typed by hand, are skipped."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('inventory_lot_number')")
            number = f"RE-{at:%y}-{cursor.fetchone()[0]:05d}"
        _hold([number_key(number)])
        if not Lot.objects.filter(number_key=number_key(number)).exists():
            return number
