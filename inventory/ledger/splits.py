"""Splitting: a part that differs, or will, becomes a lot of its own with the same condition, assay and dates."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding
from inventory.ledger import numbers as lot_numbers
from inventory.ledger.conditions import lapses
from inventory.ledger.post import Analyse, Entry, Judge, Move, post
from inventory.ledger.refusals import BadParts
from inventory.models import Assay, Condition, Location, Lot, LotParent, Movement, Place

MOST_PARTS = 100


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

    Answers {"lot", "children": [numbers]}. Refuses LotNotFound, LocationNotFound, InsufficientStock, BadParts,
    DuplicateLotNumber, Stale, Frozen, NotAllowed.
    """
    body = {
        "lot": lot,
        "location": location,
        "parts": [[str(part.quantity), part.unit] for part in parts],
        "numbers": numbers or [],
        "reason": reason,
    }

    def act(opened: Opened) -> Answer:
        _countable(parts, numbers or [])
        parent = finding.held(opened, lot, act="lots.split", seen_seq=seen_seq)
        where = finding.holding(opened.actor, location, act="lots.split")
        why = edge.text(reason, what=_("Reason"), longest=1000, lines=True)
        return _split(opened, parent, where, parts, why, numbers or [])

    return run(by, kind="inventory.split", request=body, act=act)


def _countable(parts: list[units.Entered], asked: list[str]) -> None:
    if not parts:
        raise BadParts(why=_("Give the mass of at least one part to split off."))
    if len(parts) > MOST_PARTS:
        raise BadParts(why=format_lazy(_("Split off at most {most_parts} parts at once."), most_parts=MOST_PARTS))
    if len(asked) > len(parts):
        raise BadParts(
            why=format_lazy(
                _("There are {count} lot numbers for {parts} parts. Give a mass for each number."),
                count=len(asked),
                parts=len(parts),
            )
        )


def _split(
    opened: Opened, parent: Lot, where: Location, parts: list[units.Entered], reason: str, asked: list[str]
) -> Answer:
    at = finding.moment(opened, parent, None)
    entries: list[Entry] = list(lapses([parent], today=opened.now.date()))
    if entries:  # a date that has passed turns the children to J too, whether the nightly job has come or not
        parent.condition = Condition.J
    process = finding.outside(where.site_id, Place.PROCESS)
    children = []
    for number, part in zip(lot_numbers.take([*asked, *[""] * (len(parts) - len(asked))], at), parts, strict=True):
        child = _child(opened, parent, number, part, at)
        children.append(child)
        entries += _entries(parent, child, where, process, part, reason, at)
    post(opened, entries)
    return {"lot": parent.number, "children": [child.number for child in children], "site": where.site.code}


def _child(opened: Opened, parent: Lot, number: str, part: units.Entered, at: datetime) -> Lot:
    child = Lot.objects.create(
        number=number,
        number_key=finding.number_key(number),
        material_id=parent.material_id,
        supplier_lot=parent.supplier_lot,
        received_at=at,
        received_by_id=parent.received_by_id,
        command_id=opened.command_id,
        latest_at=at,
        retest_due_on=parent.retest_due_on,
        expires_on=parent.expires_on,
    )
    LotParent.objects.create(lot=child, parent=parent, net_mg=part.mg, command_id=opened.command_id)
    return child


def _entries(
    parent: Lot,
    child: Lot,
    where: Location,
    process: Location,
    part: units.Entered,
    reason: str,
    now: datetime,
) -> list[Entry]:
    condition, verdict, why = parent.condition, parent.verdict, f"Split off {parent.number}"
    move: dict[str, Any] = {
        "at": now,
        "kind": Movement.Kind.SPLIT,
        "net_mg": part.mg,
        "entered": part,
        "reason": reason,
    }
    entries: list[Entry] = [
        Judge(lot_id=child.pk, at=now, condition=condition, verdict=verdict, reason=why),
        Move(lot_id=parent.pk, origin=where, destination=process, **move),
        Move(lot_id=child.pk, origin=process, destination=where, **move),
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
