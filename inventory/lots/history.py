"""The history of a lot: every fact of its chain, who recorded it, when it happened and when it was written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from config.accounts.matrix import permits_at
from config.accounts.models import User
from config.approvals import reads
from config.audit import edge
from config.audit.models import Command
from config.ui import figures
from inventory import units
from inventory.ledger import finding
from inventory.models import AllocationChange, Assay, ConditionChange, Location, Lot, LotFact, Movement, Retest

LATE = timedelta(hours=1)
SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One numbered fact. `text` is the detail, `reason` what the person wrote; `late` if recorded well after it."""

    seq: int
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

    @property
    def late(self) -> bool:
        return self.recorded_at - self.occurred_at > LATE


@dataclass(frozen=True)
class Timeline:
    """Facts in the order recorded. `hidden` of them are about places of other sites only.

    `earlier` facts come before these; `before` is the number to ask for them with, None on the first page.
    """

    facts: tuple[Fact, ...]
    hidden: int
    earlier: int
    before: int | None = None


def timeline(*, user: User, number: str, shown: int = SHOWN, before: int | None = None) -> Timeline:
    """The lot's facts in the order recorded, the latest `shown` of them; ten queries. Raises LotNotFound.

    `before` keeps the facts numbered below it: the page before. Movements and allocations whose places are all foreign to
    the person are left out, and counted in `hidden`. `request_id` names the request that two people agreed to.
    """
    lot = finding.lot(user, number)
    chain = LotFact.objects.filter(lot=lot).order_by("-seq")
    if before is not None:
        chain = chain.filter(seq__lt=before)
    latest = {(kind, row): seq for kind, row, seq in chain.values_list("kind", "row_id", "seq")[:shown]}
    facts = [fact for read in READ for fact in read(user, lot, latest)]
    asked = reads.by_command(user=user, command_ids=[fact.command_id for fact in facts if fact.command_id])
    facts = [replace(fact, request_id=asked.get(fact.command_id or 0)) for fact in sorted(facts, key=_number)]
    earlier = min(latest.values(), default=1) - 1
    return Timeline(
        tuple(facts), hidden=len(latest) - len(facts), earlier=earlier, before=earlier + 1 if earlier else None
    )


def _number(fact: Fact) -> int:
    return fact.seq


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
            title=f"Lot {lot.number} opened",
            text=f"Supplier's lot {lot.supplier_lot}" if lot.supplier_lot else "",
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
            title=f"{row.get_kind_display()} of {figures.mass(row.net_mg)}",
            text=f"{_place(row.origin)} → {_place(row.destination)}{_entered(row)}",
            reason=row.reason,
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
    return location.code if location.holds else location.name


def _entered(row: Movement) -> str:
    """What was typed, where it was not typed in kg."""
    if row.entered_quantity is None or row.entered_unit in ("", "kg"):
        return ""
    return f" · entered as {edge.plain(row.entered_quantity)} {row.entered_unit}"


def _conditions(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = ConditionChange.objects.filter(pk__in=_ids(latest, "condition")).select_related("actor")
    for row in rows:
        yield Fact(
            seq=latest["condition", row.pk],
            kind="condition",
            title=f"Condition {row.condition}: {row.get_condition_display()}",
            text=f"Sourcing {row.get_verdict_display().lower()}",
            reason=row.reason,
            **_common(row),
        )


def _assays(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    for row in Assay.objects.filter(pk__in=_ids(latest, "assay")).select_related("actor"):
        lines = [f"{symbol} {_percent(Decimal(value))}" for symbol, value in row.fractions.items()]
        lines += [f"moisture {_percent(row.moisture)}"] if row.moisture else []
        sampled = f"sampled {figures.day(row.sampled_on)}" if row.sampled_on else ""
        source = [part for part in (row.lab, row.method, sampled) if part]
        yield Fact(
            seq=latest["assay", row.pk],
            kind="assay",
            title=f"Assay in force: {row.get_source_display().lower()}",
            text=" · ".join([", ".join(lines) or "Nothing is counted until a laboratory assay", *source]),
            **_common(row),
        )


def _percent(fraction: Decimal) -> str:
    return f"{edge.plain(fraction.scaleb(2))} %"


def _retests(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    for row in Retest.objects.filter(pk__in=_ids(latest, "retest")).select_related("actor"):
        until = figures.day(row.next_due_on) if row.next_due_on else "none"
        before = figures.day(row.previous_due_on) if row.previous_due_on else "none"
        yield Fact(
            seq=latest["retest", row.pk],
            kind="retest",
            title=f"Retest {'passed' if row.passed else 'failed'}, done on {figures.day(row.performed_on)}",
            text=" · ".join(part for part in (f"Due date was {before}, is {until}", row.lab) if part),
            reason=row.note,
            **_common(row),
        )


def _allocations(user: User, lot: Lot, latest: Latest) -> Iterable[Fact]:
    rows = AllocationChange.objects.filter(pk__in=_ids(latest, "allocation"))
    for row in rows.filter(location__in=Location.objects.visible_to(user)).select_related("actor", "location"):
        yield Fact(
            seq=latest["allocation", row.pk],
            kind="allocation",
            title=f"{'Allocated' if row.delta_mg > 0 else 'Released'} {units.kg(abs(row.delta_mg))} kg",
            text=f"At {row.location.code}",
            reason=row.reason,
            **_common(row),
        )


READ: tuple[Callable[[User, Lot, Latest], Iterable[Fact]], ...] = (
    _opened,
    _movements,
    _conditions,
    _assays,
    _retests,
    _allocations,
)
