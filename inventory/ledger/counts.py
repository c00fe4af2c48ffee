"""Counting: what of a lot is found at a place, held against what the ledger has there at that moment."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import balances, finding
from inventory.ledger.refusals import HappenedSince, NotHere, UnknownSeals
from inventory.models import Balance, Count, Location, Lot, LotFact, Movement


def count(
    *,
    by: By,
    lot: str,
    location: str,
    net: units.Entered,
    seals: str,
    remarks: str = "",
    occurred_at: datetime | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Record what was found of a lot at one place, all of it. No balance changes: a difference is a variance.

    The book mass is the sum of the movements there, read under the locks that every movement takes: nothing moves between
    count and book, and a balance that was tampered with is no book. A frozen lot may be counted. Answers {"lot", "count",
    "location", "site", "counted_mg", "book_mg", "variance_mg"}. Refuses LotNotFound, LocationNotFound, WrongPlace, NotHere,
    HappenedSince, UnknownSeals, InTheFuture, Stale, NotAllowed, BadText.
    """
    body = {
        "lot": lot,
        "location": location,
        "net": [str(net.quantity), net.unit],
        "seals": seals,
        "remarks": remarks,
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
    }

    def act(opened: Opened) -> Answer:
        if seals not in Count.Seals.values:
            raise UnknownSeals(seals=seals[:40])
        said = edge.text(remarks, what=_("Remarks"), longest=1000, lines=True, field="remarks")
        found = finding.lot(opened.actor, lot, act="lots.count")
        found = finding.lock(opened, found, act="lots.count", seen_seq=seen_seq, frozen=True)
        where = finding.holding(opened.actor, location, act="lots.count")
        row = Count(
            lot=found,
            location=where,
            counted_mg=net.mg,
            entered_quantity=net.quantity,
            entered_unit=net.unit,
            seals=seals,
            remarks=said,
            occurred_at=finding.moment(opened, found, occurred_at),
        )
        return _count(opened, found, where, row)

    return run(by, kind="inventory.count", request=body, act=act, occurred_at=occurred_at)


def _count(opened: Opened, lot: Lot, where: Location, row: Count) -> Answer:
    book = Balance.objects.select_for_update(no_key=True).filter(lot=lot, location=where).first()
    moved = _moved(lot, where)
    if book is None or not (moved["mg"] or book.variance_mg):
        raise NotHere(lot=lot.number, location=where.code)
    latest_at = max(at for at in (moved["latest_at"], book.counted_at, row.occurred_at) if at)
    if row.occurred_at < latest_at:
        # Its book mass is no longer what the movements come to.
        raise HappenedSince(lot=lot.number, location=where.code, latest_at=latest_at)
    row.book_mg, row.recorded_at = moved["mg"], opened.now
    row.actor_id, row.command_id = opened.actor.pk, opened.command_id
    row.save()
    book.counted_at, book.variance_mg = row.occurred_at, row.counted_mg - row.book_mg
    balances.save([book])
    lot.latest_at = max(lot.latest_at, row.occurred_at)
    lot.last_seq = LotFact.objects.filter(lot=lot).aggregate(last=Max("seq"))["last"]
    lot.save(update_fields=["latest_at", "last_seq"])
    return {
        "lot": lot.number,
        "count": row.pk,
        "location": where.code,
        "site": where.site.code,
        "counted_mg": row.counted_mg,
        "book_mg": row.book_mg,
        "variance_mg": book.variance_mg,
    }


def _moved(lot: Lot, where: Location) -> dict[str, Any]:
    """What the movements of the lot there come to (`mg`), and when the latest of them happened (`latest_at`)."""
    moves = Movement.objects.filter(Q(origin=where) | Q(destination=where), lot=lot)
    into = Sum("net_mg", filter=Q(destination=where), default=0)
    return moves.aggregate(mg=into - Sum("net_mg", filter=Q(origin=where), default=0), latest_at=Max("occurred_at"))
