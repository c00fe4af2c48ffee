"""The history of a lot: every fact of its chain, who recorded it, when it happened and when it was written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.accounts.matrix import Reach, permits_at, reach
from config.accounts.models import User
from config.approvals import reads
from config.audit import edge, keyset
from config.audit.keyset import Order
from config.audit.models import Command
from config.ui import figures
from inventory.ledger import finding
from inventory.lots import asked
from inventory.models import (
    AllocationChange,
    Assay,
    ConditionChange,
    Count,
    Freeze,
    Location,
    Lot,
    LotFact,
    Movement,
    Retest,
)
from inventory.names import spoken, told

LATE = timedelta(hours=1)
SHOWN = 500
LATEST = Order("-seq", "seq", int, descending=True)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One numbered fact, or what was asked and said about the lot: then `seq` is None and `state` that of the request.

    `text` is the detail, `reason` what the person wrote; `late` if recorded well after it.
    """

    seq: int | None
    kind: str
    title: str
    who: str
    occurred_at: datetime
    recorded_at: datetime
    text: str = ""
    reason: str = ""
    movement_id: int | None = None
    reversed_by: int | None = None
    reverses: int | None = None
    reversible: bool = False
    command_id: int | None = None
    request_id: int | None = None
    state: str = ""

    @property
    def late(self) -> bool:
        return self.recorded_at - self.occurred_at > LATE


@dataclass(frozen=True)
class Timeline:
    """One page of facts in the order recorded. `hidden` of them are about places of other sites only.

    `earlier` numbered facts come before these; `next` leads to them and `previous` to later ones, each a cursor or "".
    `more` when more was asked about the lot in that time than is told here.
    """

    facts: tuple[Fact, ...]
    hidden: int
    earlier: int
    next: str = ""
    previous: str = ""
    more: bool = False


def timeline(*, user: User, number: str, shown: int = SHOWN, cursor: str = "") -> Timeline:
    """The latest `shown` of the facts in the order recorded, with what was asked about the lot meanwhile; at most 17 queries.

    Movements, allocations and counts whose places are all foreign to the person are left out, and counted in `hidden`; of requests
    there are those that the person may see. `request_id` names the request that two people agreed to. Raises LotNotFound
    and BadCursor.
    """
    lot = finding.lot(user, number)
    chain = LotFact.objects.filter(lot=lot).values("id", "kind", "row_id", "seq")
    page = keyset.page(chain, order=LATEST, cursor=cursor, size=shown, read=list)
    latest = {(line["kind"], line["row_id"]): line["seq"] for line in page.rows}
    facts = [fact for read in READ for fact in read(user, lot, latest)]
    settled = reads.by_command(user=user, command_ids=[fact.command_id for fact in facts if fact.command_id])
    facts = [replace(fact, request_id=settled.get(fact.command_id or 0)) for fact in sorted(facts, key=_number)]
    seqs = list(latest.values())
    since, until = asked.window(lot.pk, first=seqs[-1] if page.next else 0, after=seqs[0] + 1 if page.previous else 0)
    said, more = asked.events(user=user, number=lot.number, since=since, until=until)
    return Timeline(
        _merged(facts, [Fact(seq=None, kind="request", **event) for event in said]),
        hidden=len(latest) - len(facts),
        earlier=min(seqs, default=1) - 1,
        next=page.next,
        previous=page.previous,
        more=more,
    )


def _number(fact: Fact) -> int:
    return fact.seq or 0


def _merged(facts: list[Fact], said: list[Fact]) -> tuple[Fact, ...]:
    """Facts by their number, and what was said before the first that was recorded at that moment or later."""
    told: list[Fact] = []
    said.sort(key=lambda fact: fact.recorded_at)
    for fact in facts:
        while said and said[0].recorded_at <= fact.recorded_at:
            told.append(said.pop(0))
        told.append(fact)
    return (*told, *said)


Latest = dict[tuple[str, int], int]


def _ids(latest: Latest, kind: str) -> list[int]:
    return [row for found, row in latest if found == kind]


def _common(row: Any) -> dict[str, Any]:
    return {
        "who": str(row.actor),
        "occurred_at": row.occurred_at,
        "recorded_at": row.recorded_at,
        "command_id": row.command_id,
    }


def _opened(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    if ("lot", lot.pk) in latest:
        command = Command.objects.select_related("actor").filter(pk=lot.command_id).first()
        yield Fact(
            seq=latest["lot", lot.pk],
            kind="lot",
            title=_("Lot {lot} opened").format(lot=lot.number),
            text=_("Supplier's lot {supplier_lot}").format(supplier_lot=lot.supplier_lot) if lot.supplier_lot else "",
            who=str(command.actor) if command else "",
            occurred_at=lot.received_at,
            recorded_at=command.recorded_at if command else lot.received_at,
            command_id=lot.command_id,
        )


def _movements(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = Movement.objects.visible_to(user).filter(pk__in=_ids(latest, "movement"))
    for row in rows.select_related("actor", "origin__site", "destination__site", "reversed_by"):
        reversal = getattr(row, "reversed_by", None)
        yield Fact(
            seq=latest["movement", row.pk],
            kind="movement",
            title=_("{movement} of {mass}").format(movement=row.get_kind_display(), mass=figures.mass(row.net_mg)),
            text=f"{_place(row.origin)} → {_place(row.destination)}{_entered(row)}",
            reason=told(row.reason),
            movement_id=row.pk,
            reversed_by=reversal.pk if reversal else None,
            reverses=row.reverses_id,
            reversible=reversal is None and _may_ask_back(user, row),
            **_common(row),
        )


def _may_ask_back(user: User, row: Movement) -> bool:
    """Whether the person may ask for it to be reversed: splits and reversals stand, the site that answers decides."""
    if row.kind in (Movement.Kind.REVERSE, Movement.Kind.SPLIT):
        return False
    answering = row.origin if row.origin.holds else row.destination
    return permits_at(user, "reverse.ask", answering.site.code)


def _place(location: Location) -> str:
    return location.code if location.holds else spoken(location.name)


def _entered(row: Movement | Count) -> str:
    """What was typed, where it was not typed in kg."""
    if row.entered_quantity is None or row.entered_unit in ("", "kg"):
        return ""
    quantity = figures.plain(edge.plain(row.entered_quantity))
    return " · " + _("entered as {quantity} {unit}").format(quantity=quantity, unit=_(row.entered_unit))


def _conditions(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = ConditionChange.objects.filter(pk__in=_ids(latest, "condition")).select_related("actor")
    for row in rows:
        yield Fact(
            seq=latest["condition", row.pk],
            kind="condition",
            title=_("Condition {code}: {name}").format(code=row.condition, name=row.get_condition_display()),
            text=_("Sourcing {verdict}").format(verdict=row.get_verdict_display().lower()),
            reason=told(row.reason),
            **_common(row),
        )


def _assays(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    for row in Assay.objects.filter(pk__in=_ids(latest, "assay")).select_related("actor"):
        lines = [f"{symbol} {_percent(Decimal(value))}" for symbol, value in row.fractions.items()]
        lines += [_("moisture {share}").format(share=_percent(row.moisture))] if row.moisture else []
        sampled = _("sampled {day}").format(day=figures.day(row.sampled_on)) if row.sampled_on else ""
        source = [part for part in (row.lab, row.method, sampled) if part]
        yield Fact(
            seq=latest["assay", row.pk],
            kind="assay",
            title=_("Assay in force: {source}").format(source=row.get_source_display().lower()),
            text=" · ".join([", ".join(lines) or _("Nothing is counted until a laboratory assay"), *source]),
            **_common(row),
        )


def _percent(fraction: Decimal) -> str:
    return f"{figures.plain(edge.plain(fraction.scaleb(2)))}{figures.NO_BREAK}%"


def _retests(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    for row in Retest.objects.filter(pk__in=_ids(latest, "retest")).select_related("actor"):
        until = figures.day(row.next_due_on) if row.next_due_on else _("no day")
        before = figures.day(row.previous_due_on) if row.previous_due_on else _("no day")
        moved = _("Due date was {before}, is {until}")
        yield Fact(
            seq=latest["retest", row.pk],
            kind="retest",
            title=(_("Retest passed, done on {day}") if row.passed else _("Retest failed, done on {day}")).format(
                day=figures.day(row.performed_on)
            ),
            text=" · ".join(part for part in (moved.format(before=before, until=until), row.lab) if part),
            reason=row.note,
            **_common(row),
        )


def _allocations(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = AllocationChange.objects.filter(pk__in=_ids(latest, "allocation"))
    for row in rows.filter(location__in=Location.objects.visible_to(user)).select_related("actor", "location"):
        yield Fact(
            seq=latest["allocation", row.pk],
            kind="allocation",
            title=(_("Allocated {mass}") if row.delta_mg > 0 else _("Released {mass}")).format(
                mass=figures.mass(abs(row.delta_mg))
            ),
            text=_("At {place}").format(place=row.location.code),
            reason=told(row.reason),
            **_common(row),
        )


def _counts(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = Count.objects.visible_to(user).filter(pk__in=_ids(latest, "count")).select_related("actor", "location")
    for row in rows:
        yield Fact(
            seq=latest["count", row.pk],
            kind="count",
            title=_("Counted {mass}").format(mass=figures.mass(row.counted_mg)),
            text=" · ".join([_("At {place}").format(place=row.location.code), held_against(row), *_sealed(row)])
            + _entered(row),
            reason=row.remarks,
            **_common(row),
        )


def held_against(row: Count) -> str:
    """What a count makes of the book: that they agree, or by how much not."""
    difference_mg = row.counted_mg - row.book_mg
    if not difference_mg:
        return _("as the books say")
    words = _("the books said {book}: {mass} more") if difference_mg > 0 else _("the books said {book}: {mass} less")
    return words.format(book=figures.mass(row.book_mg), mass=figures.mass(abs(difference_mg)))


def _sealed(row: Count) -> list[str]:
    return [] if row.seals == Count.Seals.NONE else [row.get_seals_display().lower()]


def _freezes(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    """What differed may name places of any site: only who sees all lots reads it."""
    whole = reach(user, "lots.see") is Reach.ALL
    for row in Freeze.objects.filter(pk__in=_ids(latest, "freeze")).select_related("actor"):
        yield Fact(
            seq=latest["freeze", row.pk],
            kind="freeze",
            title=_("Frozen: its records differ") if row.frozen else _("Let go: its records hold together again"),
            reason=row.reason if whole or not row.frozen else "",
            **_common(row),
        )


READ: tuple[Callable[[User, Lot, Latest], Iterable[Fact]], ...] = (
    _opened,
    _movements,
    _conditions,
    _assays,
    _retests,
    _allocations,
    _counts,
    _freezes,
)
