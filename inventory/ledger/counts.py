"""Counting: what of a lot is found at a place, held against what the ledger has there at that moment."""

from datetime import datetime

from django.db.models import Max, Q
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

    The book mass is read under the locks that every movement takes, so nothing moves between count and book. A frozen lot
    may be counted. Answers {"lot", "count", "location", "counted_mg", "book_mg", "variance_mg"}. Refuses LotNotFound,
    LocationNotFound, WrongPlace, NotHere, HappenedSince, UnknownSeals, InTheFuture, Stale, NotAllowed, BadText.
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
    if book is None or not (book.net_mg or book.variance_mg):
        raise NotHere(lot=lot.number, location=where.code)
    _nothing_since(lot, where, book, row.occurred_at)
    row.book_mg, row.recorded_at = book.net_mg, opened.now
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


def _nothing_since(lot: Lot, where: Location, book: Balance, at: datetime) -> None:
    """Refuse a count of before something happened there: its book mass is no longer what the balance says."""
    moves = Movement.objects.filter(Q(origin=where) | Q(destination=where), lot=lot)
    latest = max(found for found in (moves.aggregate(at=Max("occurred_at"))["at"], book.counted_at, at) if found)
    if at < latest:
        raise HappenedSince(lot=lot.number, location=where.code, latest_at=latest)
