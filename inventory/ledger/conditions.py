"""Condition of a lot: accepting, rejecting, holding; and the dates that take a condition away."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import allow
from config.accounts.models import User
from config.accounts.ties import Tie
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.jobs.schedule import Counts
from inventory.ledger import finding
from inventory.ledger.post import Judge, post
from inventory.ledger.refusals import AssayRequired, NothingChanges, RetestOverdue, UnknownCondition
from inventory.models import ACCEPTED, Assay, Condition, ConditionChange, Lot

LAPSED = "Retest or expiry date passed"
_JOB_KEYS = UUID("4be0643f-1d98-573b-97cd-ca98a65347dd")
_BATCH = 500


def set_condition(*, by: By, lot: str, condition: str, reason: str = "", seen_seq: int | None = None) -> Answer:
    """Set a lot's condition: accept it (A, B, C), hold or reject it. Never by the person who received it.

    Answers {"lot", "condition"}. Refuses LotNotFound, LotElsewhere, OwnReceipt, UnknownCondition, NothingChanges,
    AssayRequired, RetestOverdue, Stale, Frozen, NotAllowed.
    """
    body = {"lot": lot, "condition": condition, "reason": reason}
    return run(
        by, kind="inventory.set_condition", request=body, act=lambda o: _set(o, lot, condition, reason, seen_seq)
    )


def _set(opened: Opened, number: str, condition: str, reason: str, seen_seq: int | None) -> Answer:
    reason = edge.text(reason, what=_("Reason"), longest=1000, lines=True)
    lot = finding.held(opened, number, act="lots.accept", seen_seq=seen_seq, here=True)
    allow(opened.actor, "lots.accept", hands={Tie.RECEIVED: [lot.received_by_id]})
    if condition not in Condition.values:
        raise UnknownCondition(condition=condition)
    if lot.condition == condition:
        raise NothingChanges(lot=lot.number, condition=condition)
    today = opened.now.date()
    if condition in ACCEPTED:
        _acceptable(lot, today)
    now = judged_at(opened, [lot])[lot.pk]
    post(opened, [*lapses([lot], today=today), Judge(lot_id=lot.pk, at=now, condition=condition, reason=reason)])
    return {"lot": lot.number, "condition": condition}


def _acceptable(lot: Lot, today: date) -> None:
    if lot.eligible_until and lot.eligible_until < today:
        raise RetestOverdue(lot=lot.number, due_on=lot.eligible_until)
    if lot.material.assay_required and (lot.assay is None or lot.assay.source == Assay.Source.CATALOGUE):
        raise AssayRequired(lot=lot.number, material=lot.material.name)


def lapse_moment(day: date) -> datetime:
    """The moment from which a lot no longer counts whose last eligible day is `day`: the next midnight, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def lapses(lots: Sequence[Lot], *, today: date) -> list[Judge]:
    """What turns those of the locked lots to J that are in A-C past their last eligible day, from that day's end on."""
    due = [lot for lot in lots if lot.condition in ACCEPTED and lot.eligible_until and lot.eligible_until < today]
    latest = _latest_judgement(due)
    return [
        Judge(
            lot_id=lot.pk,
            at=max(lapse_moment(lot.eligible_until), latest[lot.pk]),
            condition=Condition.J,
            reason=LAPSED,
        )
        for lot in due
        if lot.eligible_until
    ]


def judged_at(opened: Opened, lots: Sequence[Lot]) -> dict[int, datetime]:
    """The moment of what is said of each locked lot now: never before what was said of it already, by any clock."""
    latest = _latest_judgement(lots)
    return {lot.pk: max(opened.now, lot.received_at, latest.get(lot.pk, opened.now)) for lot in lots}


def _latest_judgement(lots: Sequence[Lot]) -> dict[int, datetime]:
    found = (
        ConditionChange.objects.filter(lot__in=lots).values_list("lot_id").annotate(at=Max("occurred_at")).order_by()
    )
    return dict(found) if lots else {}


def lapse_retests(*, now: datetime) -> Counts:
    """The nightly job: overdue lots to J, and A, B, C by remaining shelf life. Running twice changes nothing more.

    A: more than 6 months left, B: 3 to 6, C: under 3 (supply condition codes). Only ever towards C: a better condition
    is for a person to give. Commands of 500 lots each, so that nobody waits long for a lot.
    """
    today = now.date()
    counts: Counter[str] = Counter()
    while ids := _overdue(today) or _shifting(today):
        seen = _in_command(ids, today, now)
        counts["seen"] += len(ids)
        counts["changed"] += seen
        if not seen:
            break
    return Counts(counts["seen"], counts["changed"])


def _overdue(today: date) -> list[int]:
    lots = Lot.objects.filter(condition__in=ACCEPTED, eligible_until__lt=today, frozen_at__isnull=True)
    return list(lots.order_by("pk").values_list("pk", flat=True)[:_BATCH])


def _shifting(today: date) -> list[int]:
    three, six = today + relativedelta(months=3), today + relativedelta(months=6)
    lots = Lot.objects.filter(
        Q(condition__in=["A", "B"], eligible_until__lt=three) | Q(condition="A", eligible_until__lte=six),
        eligible_until__gte=today,
        frozen_at__isnull=True,
    )
    return list(lots.order_by("pk").values_list("pk", flat=True)[:_BATCH])


def _in_command(ids: list[int], today: date, now: datetime) -> int:
    by = By(actor=User.objects.system(), key=uuid5(_JOB_KEYS, f"{now.isoformat()}:{ids}"), now=now)
    request = {"today": str(today), "lots": ids}
    answer = run(by, kind="inventory.lapse_retests", request=request, act=lambda o: _lapse(o, ids, today))
    return int(answer["changed"])


def _lapse(opened: Opened, ids: list[int], today: date) -> Answer:
    lots = list(Lot.objects.select_for_update(no_key=True).filter(pk__in=ids, frozen_at__isnull=True).order_by("pk"))
    now = judged_at(opened, lots)
    shifts = [
        Judge(lot_id=lot.pk, at=now[lot.pk], condition=fitting, reason=f"{left} left to {lot.eligible_until}")
        for lot in lots
        if lot.condition in ACCEPTED and lot.eligible_until and lot.eligible_until >= today
        for fitting, left in [by_shelf_life(lot.eligible_until, today)]
        if fitting > lot.condition
    ]
    entries = [*lapses(lots, today=today), *shifts]
    if entries:
        post(opened, entries)
    return {"changed": len(entries)}


def by_shelf_life(eligible_until: date, today: date) -> tuple[str, str]:
    """The best condition that remaining shelf life allows, and how much is left, in words."""
    if eligible_until < today + relativedelta(months=3):
        return Condition.C, "Under 3 months"
    if eligible_until <= today + relativedelta(months=6):
        return Condition.B, "3 to 6 months"
    return Condition.A, "More than 6 months"
