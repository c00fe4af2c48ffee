"""Splitting: a part that differs, or will, becomes a lot of its own with the same condition, verdict, assay and dates."""

from decimal import Decimal

from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding
from inventory.ledger.post import Analyse, Entry, Judge, Move, post
from inventory.ledger.receipts import next_number
from inventory.ledger.refusals import DuplicateLotNumber
from inventory.models import Assay, Location, Lot, LotParent, Movement, Place


def split(
    *,
    by: By,
    lot: str,
    location: str,
    parts: list[units.Entered],
    reason: str = "",
    numbers: list[str] | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Split one or more child lots off a lot at one location.

    Answers {"lot", "children": [numbers]}. Refuses LotNotFound, LocationNotFound, InsufficientStock, DuplicateLotNumber,
    Stale, NotAllowed.
    """
    body = {
        "lot": lot,
        "location": location,
        "parts": [[str(part.quantity), part.unit] for part in parts],
        "numbers": numbers or [],
        "reason": reason,
    }

    def act(opened: Opened) -> Answer:
        found = finding.lot(opened.actor, lot, act="lots.split")
        finding.unchanged(found, seen_seq)
        where = finding.holding(opened.actor, location, act="lots.split")
        return _split(opened, found.pk, where, parts, reason, numbers or [])

    return run(by, kind="inventory.split", request=body, act=act)


def _split(
    opened: Opened, parent_id: int, where: Location, parts: list[units.Entered], reason: str, numbers: list[str]
) -> Answer:
    # Locked here already, so that the children inherit what the parent is now and not what it was a moment ago.
    parent = Lot.objects.select_for_update(of=("self",)).select_related("assay").get(pk=parent_id)
    entries: list[Entry] = []
    children = []
    process = finding.outside(where.site_id, Place.PROCESS)
    for index, part in enumerate(parts):
        child = _child(opened, parent, numbers[index] if index < len(numbers) else "", part)
        children.append(child)
        entries += _entries(opened, parent, child, where, process, part, reason)
    post(opened, entries)
    return {"lot": parent.number, "children": [child.number for child in children]}


def _child(opened: Opened, parent: Lot, number: str, part: units.Entered) -> Lot:
    number = number or next_number(opened.now)
    key = finding.number_key(number)
    if Lot.objects.filter(number_key=key).exists():
        raise DuplicateLotNumber(number=number)
    child = Lot.objects.create(
        number=number,
        number_key=key,
        material_id=parent.material_id,
        supplier_lot=parent.supplier_lot,
        received_at=opened.now,
        received_by_id=parent.received_by_id,
        command_id=opened.command_id,
        latest_at=opened.now,
        retest_due_on=parent.retest_due_on,
        expires_on=parent.expires_on,
    )
    LotParent.objects.create(lot=child, parent=parent, net_mg=part.mg, command_id=opened.command_id)
    return child


def _entries(
    opened: Opened,
    parent: Lot,
    child: Lot,
    where: Location,
    process: Location,
    part: units.Entered,
    reason: str,
) -> list[Entry]:
    now, kind = opened.now, Movement.Kind.SPLIT
    entries: list[Entry] = [
        Judge(lot_id=child.pk, at=now, condition=parent.condition, verdict=parent.verdict, reason=f"Split off {parent.number}"),
        Move(
            lot_id=parent.pk, at=now, kind=kind, origin=where, destination=process, net_mg=part.mg, entered=part, reason=reason
        ),
        Move(
            lot_id=child.pk, at=now, kind=kind, origin=process, destination=where, net_mg=part.mg, entered=part, reason=reason
        ),
    ]
    if parent.assay:
        fractions = {symbol: Decimal(value) for symbol, value in parent.assay.fractions.items()}
        entries.append(
            Analyse(
                lot_id=child.pk,
                at=now,
                source=Assay.Source.PARENT,
                fractions=fractions,
                moisture=parent.assay.moisture,
                lab=parent.assay.lab,
                method=parent.assay.method,
                sampled_on=parent.assay.sampled_on,
            )
        )
    return entries
