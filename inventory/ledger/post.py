"""The only writer of movements, balances and positions.

Once per command, with all its events together: lots locked in primary-key order, balances in (lot, location) order,
checks, facts, and the shared position rows last, by key. No two commands can wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from config.audit.commands import Opened
from config.jobs import outbox
from inventory import units
from inventory.ledger import balances, entries
from inventory.ledger.refusals import BeforeReceipt, Frozen, InsufficientStock, NegativeOnADay, NotAllocated
from inventory.ledger.state import Held, LotState, Overdrawn, PlaceAt, Rollup, difference, rollup
from inventory.models import AllocationChange, Assay, Balance, ConditionChange, Element, Location, Lot, Movement

CHANGED = "inventory.changed"  # the topic: some position moved


@dataclass(frozen=True, kw_only=True)
class Move:
    """`net_mg` of a lot from `origin` to `destination` at `at`."""

    lot_id: int
    at: datetime
    kind: str
    origin: Location
    destination: Location
    net_mg: int
    reason: str = ""
    entered: units.Entered | None = None
    reverses_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A lot's condition and sourcing verdict from `at` on; None keeps what it has."""

    lot_id: int
    at: datetime
    condition: str | None = None
    verdict: str | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Analyse:
    """An assay in force from `at` on. `fractions` maps symbol to fraction of dry mass."""

    lot_id: int
    at: datetime
    source: str
    fractions: dict[str, Decimal]
    moisture: Decimal = Decimal(0)
    lab: str = ""
    method: str = ""
    sampled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Allocate:
    """Earmark (positive) or release (negative) mass of a lot at one location."""

    lot_id: int
    at: datetime
    location: Location
    delta_mg: int
    reason: str = ""


Entry = Move | Judge | Analyse | Allocate


@dataclass
class Book:
    """Everything of the command's lots, locked: rows, states, and the locations' sites and kinds."""

    lots: dict[int, Lot]
    balances: dict[tuple[int, int], Balance]
    states: dict[int, LotState]
    places: dict[int, PlaceAt]
    codes: dict[int, str]
    before: dict[int, Rollup] = field(default_factory=dict)


class PostedTwice(RuntimeError):
    def __init__(self) -> None:
        super().__init__("post() runs once in a command, with all its entries: a second one could wait in a circle.")


def post(opened: Opened, entries_in: Sequence[Entry]) -> list[Movement]:
    """Write all entries of a command and return its movements, in order.

    Refuses InsufficientStock, NotAllocated, BeforeReceipt, NegativeOnADay and Frozen. Lots made in the same command are
    inserted by the caller before. Raises PostedTwice.
    """
    if not opened.once("inventory.ledger"):
        raise PostedTwice
    book = _lock(entries_in)
    for lot in book.lots.values():
        if lot.frozen_at:
            raise Frozen(lot=lot.number)
    _apply(book, entries_in)
    late = _late_lots(book, entries_in)
    movements = _record(opened, book, entries_in)
    _stand(book, late)
    _save_lots(book, entries_in)
    _save_balances(book, entries_in)
    _write_entries(opened, book, entries_in, late)
    outbox.emit(CHANGED, {"lots": len(book.lots)}, now=opened.now, command_id=opened.command_id)
    return movements


def _lock(entries_in: Sequence[Entry]) -> Book:
    ids = sorted({entry.lot_id for entry in entries_in})
    # Assays are read after the locks, by a query of their own: a join would bring those of before we waited.
    lots = {lot.pk: lot for lot in Lot.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    _open_balances(entries_in)
    rows = (
        Balance.objects.select_for_update(of=("self",), no_key=True)
        .select_related("location")
        .filter(lot_id__in=ids)
        .order_by("lot_id", "location_id")
    )
    held = {(row.lot_id, row.location_id): row for row in rows}
    places = {row.location_id: PlaceAt(row.location.site_id, row.location.kind) for row in held.values()}
    book = Book(lots, held, {}, places, {row.location_id: row.location.code for row in held.values()})
    _read_states(book)
    return book


def _open_balances(entries_in: Sequence[Entry]) -> None:
    Balance.objects.bulk_create(
        [Balance(lot_id=lot_id, location_id=location_id) for lot_id, location_id in _touched(entries_in)],
        ignore_conflicts=True,
    )


def _touched(entries_in: Sequence[Entry]) -> list[tuple[int, int]]:
    """(lot, location) of each balance that the entries name, in the order in which balances are locked."""
    return sorted({(entry.lot_id, place.pk) for entry in entries_in for place in _locations(entry) if place.holds})


def _locations(entry: Entry) -> tuple[Location, ...]:
    match entry:
        case Move():
            return (entry.origin, entry.destination)
        case Allocate():
            return (entry.location,)
    return ()


def element_ids() -> dict[str, int]:
    """Symbol -> id of every element."""
    return dict(Element.objects.values_list("symbol", "id"))


def _read_states(book: Book) -> None:
    ids = element_ids()
    assays = Assay.objects.in_bulk([lot.assay_id for lot in book.lots.values() if lot.assay_id])
    for lot in book.lots.values():
        book.states[lot.pk] = state = LotState(lot.material_id, lot.condition, lot.verdict)
        if lot.assay_id:
            _take(state, assays[lot.assay_id], ids)
    for (lot_id, location_id), row in book.balances.items():
        book.states[lot_id].held[location_id] = Held(row.net_mg, row.allocated_mg)
    book.before = {lot_id: rollup(state, book.places) for lot_id, state in book.states.items()}


def _take(state: LotState, assay: Assay, ids: Mapping[str, int]) -> None:
    state.moisture = assay.moisture
    state.fractions = {ids[symbol]: Decimal(value) for symbol, value in assay.fractions.items()}


def _apply(book: Book, entries_in: Sequence[Entry]) -> None:
    """Bring the states to after the entries, refusing what a location does not have."""
    ids: dict[str, int] | None = None
    for entry in entries_in:
        lot, state = book.lots[entry.lot_id], book.states[entry.lot_id]
        if entry.at < lot.received_at:
            raise BeforeReceipt(lot=lot.number, received_at=lot.received_at)
        match entry:
            case Move():
                _move(lot, state, entry)
            case Judge():
                state.condition = entry.condition or state.condition
                state.verdict = entry.verdict or state.verdict
            case Analyse():
                ids = ids or element_ids()
                state.moisture = entry.moisture
                state.fractions = {ids[symbol]: value for symbol, value in entry.fractions.items()}
            case Allocate():
                _allocate(lot, state, entry)


def _move(lot: Lot, state: LotState, entry: Move) -> None:
    if entry.origin.holds:
        held = state.at(entry.origin.pk)
        if entry.net_mg > held.free_mg:
            raise InsufficientStock(
                lot=lot.number,
                location=entry.origin.code,
                free_kg=units.kg(held.free_mg),
                held_kg=units.kg(held.net_mg),
                asked_kg=units.kg(entry.net_mg),
            )
        held.net_mg -= entry.net_mg
    if entry.destination.holds:
        state.at(entry.destination.pk).net_mg += entry.net_mg


def _allocate(lot: Lot, state: LotState, entry: Allocate) -> None:
    held = state.at(entry.location.pk)
    if entry.delta_mg > held.free_mg:
        raise InsufficientStock(
            lot=lot.number,
            location=entry.location.code,
            free_kg=units.kg(held.free_mg),
            held_kg=units.kg(held.net_mg),
            asked_kg=units.kg(entry.delta_mg),
        )
    if held.allocated_mg + entry.delta_mg < 0:
        raise NotAllocated(
            lot=lot.number,
            location=entry.location.code,
            allocated_kg=units.kg(held.allocated_mg),
            asked_kg=units.kg(-entry.delta_mg),
        )
    held.allocated_mg += entry.delta_mg


def _record(opened: Opened, book: Book, entries_in: Sequence[Entry]) -> list[Movement]:
    """Append the facts, in the order given within each kind."""
    common = {"recorded_at": opened.now, "actor_id": opened.actor.pk, "command_id": opened.command_id}
    assays: list[Assay] = []
    changes: list[ConditionChange] = []
    movements: list[Movement] = []
    allocations: list[AllocationChange] = []
    for entry in entries_in:
        own = {"lot_id": entry.lot_id, "occurred_at": entry.at, **common}
        match entry:
            case Move():
                movements.append(_movement(entry, own))
            case Judge():
                condition, verdict = _in_force(book, entry, changes)
                changes.append(ConditionChange(condition=condition, verdict=verdict, reason=entry.reason, **own))
            case Analyse():
                assays.append(_assay(entry, own))
            case Allocate():
                row = AllocationChange(location=entry.location, delta_mg=entry.delta_mg, reason=entry.reason, **own)
                allocations.append(row)
    Assay.objects.bulk_create(assays)
    ConditionChange.objects.bulk_create(changes)
    Movement.objects.bulk_create(movements)
    AllocationChange.objects.bulk_create(allocations)
    for assay in assays:
        book.lots[assay.lot_id].assay_id = assay.pk
    return movements


def _in_force(book: Book, entry: Judge, changes: Sequence[ConditionChange]) -> tuple[str, str]:
    """Condition and verdict that the entry sets: what it leaves open stays as it was at its moment."""
    if entry.condition and entry.verdict:
        return entry.condition, entry.verdict
    lot = book.lots[entry.lot_id]
    before = [change for change in changes if change.lot_id == lot.pk and change.occurred_at <= entry.at]
    condition, verdict = lot.condition, lot.verdict
    if before or entry.at < lot.latest_at:
        past = ConditionChange.objects.filter(lot=lot, occurred_at__lte=entry.at).order_by("-occurred_at", "-id")
        # Of several at one moment the one recorded last holds, and max() takes the first of equals.
        found = [*reversed(before), *past[:1]]
        if found:
            last = max(found, key=lambda change: change.occurred_at)
            condition, verdict = last.condition, last.verdict
    return entry.condition or condition, entry.verdict or verdict


def _movement(entry: Move, own: dict[str, Any]) -> Movement:
    return Movement(
        kind=entry.kind,
        origin=entry.origin,
        destination=entry.destination,
        net_mg=entry.net_mg,
        entered_quantity=entry.entered.quantity if entry.entered else None,
        entered_unit=entry.entered.unit if entry.entered else "",
        reason=entry.reason,
        reverses_id=entry.reverses_id,
        **own,
    )


def _assay(entry: Analyse, own: dict[str, Any]) -> Assay:
    return Assay(
        source=entry.source,
        lab=entry.lab,
        method=entry.method,
        sampled_on=entry.sampled_on,
        moisture=entry.moisture,
        fractions={symbol: format(value, "f") for symbol, value in sorted(entry.fractions.items())},
        **own,
    )


def _late_lots(book: Book, entries_in: Sequence[Entry]) -> set[int]:
    """Lots whose history has to be replayed: an entry lies before a later fact, or the entries have several moments."""
    moments: dict[int, set[datetime]] = defaultdict(set)
    for entry in entries_in:
        moments[entry.lot_id].add(entry.at)
    return {lot_id for lot_id, found in moments.items() if len(found) > 1 or min(found) < book.lots[lot_id].latest_at}


def _stand(book: Book, late: Iterable[int]) -> None:
    """For lots with back-dated entries: what stands is the latest word by moment, not the one recorded last."""
    ids: dict[str, int] | None = None
    for lot_id in sorted(late):
        ids = ids or element_ids()
        lot, state = book.lots[lot_id], book.states[lot_id]
        change = ConditionChange.objects.filter(lot=lot).order_by("-occurred_at", "-id").first()
        if change:
            state.condition, state.verdict = change.condition, change.verdict
        assay = Assay.objects.filter(lot=lot).order_by("-occurred_at", "-id").first()
        if assay:
            lot.assay_id = assay.pk
            _take(state, assay, ids)


def _save_lots(book: Book, entries_in: Sequence[Entry]) -> None:
    """Bring the lots' own columns to what stands now."""
    for entry in entries_in:
        lot = book.lots[entry.lot_id]
        lot.latest_at = max(lot.latest_at, entry.at)
    for lot_id, state in book.states.items():
        book.lots[lot_id].condition, book.lots[lot_id].verdict = state.condition, state.verdict
    rows = [(lot.pk, lot.condition, lot.verdict, lot.assay_id, lot.latest_at) for lot in book.lots.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_lot AS lot SET condition = new.condition, verdict = new.verdict, assay_id = new.assay_id,
                latest_at = new.latest_at,
                last_seq = (SELECT seq FROM inventory_lotfact f WHERE f.lot_id = lot.id ORDER BY seq DESC LIMIT 1)
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
                AS new(id, condition, verdict, assay_id, latest_at)
            WHERE lot.id = new.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def _save_balances(book: Book, entries_in: Sequence[Entry]) -> None:
    balances.follow(book.balances, [entry for entry in entries_in if isinstance(entry, Move)])
    touched = [book.balances[key] for key in _touched(entries_in)]
    for row in touched:
        held = book.states[row.lot_id].at(row.location_id)
        row.net_mg, row.allocated_mg = held.net_mg, held.allocated_mg
    balances.save(touched)


def _write_entries(opened: Opened, book: Book, entries_in: Sequence[Entry], late: set[int]) -> None:
    rows: list[entries.Row] = []
    moments = {entry.lot_id: entry.at for entry in entries_in}
    for lot_id, state in book.states.items():
        if lot_id not in late:
            change = difference(rollup(state, book.places), book.before[lot_id])
            rows += entries.rows(lot_id, moments[lot_id], change)
    rows += _corrections(book, sorted(late))
    entries.write(opened, rows)


def _corrections(book: Book, late: Iterable[int]) -> list[entries.Row]:
    """Replay each late lot and return the entries that bring its recorded history to the replayed one."""
    rows: list[entries.Row] = []
    for lot_id in late:
        try:
            rows += entries.corrections(book.lots[lot_id], book.places)
        except Overdrawn as overdrawn:
            raise NegativeOnADay(
                lot=book.lots[lot_id].number,
                location=book.codes[overdrawn.location_id],
                day=overdrawn.at.date(),
            ) from None
    return rows
