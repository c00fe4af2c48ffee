"""Findings of a laboratory: an assay that comes into force, and a retest that extends a lot or ends it."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.jobs import outbox
from inventory.ledger import finding
from inventory.ledger.conditions import judged_at, lapses
from inventory.ledger.post import Analyse, Judge, post
from inventory.ledger.receipts import AssayIn, check_assay, check_moisture
from inventory.ledger.refusals import BadRetestDate, Expired, NoRetest, NothingMeasured
from inventory.models import Assay, Condition, Lot, LotFact, Retest


def record_assay(*, by: By, lot: str, assay: AssayIn, seen_seq: int | None = None) -> Answer:
    """Bring a laboratory's assay into force from now on; contained masses follow. The earlier assays stay on record.

    Answers {"lot"}. Refuses LotNotFound, UnknownElement, BadFraction, TooMuchContained, NoneOfMaterial,
    NotMoistureBearing, Stale, NotAllowed.
    """
    body = {
        "lot": lot,
        "fractions": {symbol: str(value) for symbol, value in assay.fractions.items()},
        "moisture": str(assay.moisture),
        "lab": assay.lab,
        "method": assay.method,
        "sampled_on": str(assay.sampled_on or ""),
    }
    return run(by, kind="inventory.record_assay", request=body, act=lambda opened: _assay(opened, lot, assay, seen_seq))


def _assay(opened: Opened, number: str, assay: AssayIn, seen_seq: int | None) -> Answer:
    lot = finding.held(opened, number, act="lots.assay", seen_seq=seen_seq, here=True)
    check_moisture(lot.material, assay.moisture)
    if not assay.fractions:
        raise NothingMeasured()
    latest = Assay.objects.filter(lot=lot).aggregate(at=Max("occurred_at"))["at"]
    entry = Analyse(
        lot_id=lot.pk,
        at=max(opened.now, lot.received_at, latest or opened.now),
        source=Assay.Source.LABORATORY,
        fractions=check_assay(lot.material, assay.fractions),
        moisture=assay.moisture,
        lab=edge.text(assay.lab, what=_("Laboratory"), longest=120, field="assay"),
        method=edge.text(assay.method, what=_("Method"), longest=120, field="assay"),
        sampled_on=assay.sampled_on,
    )
    post(opened, [entry])
    return {"lot": lot.number}


def retest(
    *,
    by: By,
    lot: str,
    performed_on: date,
    passed: bool,
    next_due_on: date | None = None,
    lab: str = "",
    note: str = "",
    seen_seq: int | None = None,
) -> Answer:
    """Record a retest. Passed: the due date moves on (by the material's interval unless given) and the old one is kept.

    Failed: the lot goes to J. A passed retest of a lot in J does not accept it: another person does. Answers {"lot",
    "retest", "previous_due_on", "next_due_on", "condition"}. Refuses LotNotFound, LotElsewhere, Expired, NoRetest, BadRetestDate,
    Stale, Frozen, NotAllowed.
    """
    body = {
        "lot": lot,
        "performed_on": str(performed_on),
        "passed": passed,
        "next_due_on": str(next_due_on or ""),
        "lab": lab,
        "note": note,
    }

    def act(opened: Opened) -> Answer:
        found = finding.held(opened, lot, act="lots.retest", seen_seq=seen_seq, here=True)
        row = Retest(
            lot=found,
            performed_on=performed_on,
            passed=passed,
            previous_due_on=found.retest_due_on,
            next_due_on=_next_due(found, performed_on, passed, next_due_on, opened.now.date()),
            lab=edge.text(lab, what=_("Laboratory"), longest=120, field="lab"),
            note=edge.text(note, what=_("Note"), longest=1000, lines=True, field="note"),
        )
        return _retest(opened, found, row)

    return run(by, kind="inventory.retest", request=body, act=act)


def _next_due(lot: Lot, performed_on: date, passed: bool, asked: date | None, today: date) -> date | None:
    if performed_on > today:
        raise BadRetestDate(why=_("The test lies in the future. Record it on the day it was made."))
    if performed_on < lot.received_at.date():
        raise BadRetestDate(
            why=format_lazy(
                _("Lot {lot} was not here yet on {performed_on}."), lot=lot.number, performed_on=performed_on
            )
        )
    if lot.expires_on and passed and lot.expires_on < today:
        raise Expired(lot=lot.number, expires_on=lot.expires_on)
    if not passed:
        return lot.retest_due_on
    if asked is None and lot.material.retest_months is None:
        raise NoRetest(material=lot.material.name)
    due_on = asked or performed_on + relativedelta(months=lot.material.retest_months or 0)
    if due_on <= performed_on:
        raise BadRetestDate(why=_("The next due date must come after the day of the test."))
    return due_on


def _retest(opened: Opened, lot: Lot, row: Retest) -> Answer:
    row.occurred_at = row.recorded_at = opened.now
    row.actor_id, row.command_id = opened.actor.pk, opened.command_id
    row.save()
    entries = lapses([lot], today=opened.now.date())
    if not entries and not row.passed and lot.condition != Condition.J:
        now = judged_at(opened, [lot])[lot.pk]
        entries = [Judge(lot_id=lot.pk, at=now, condition=Condition.J, reason="Retest failed")]
    last_seq = LotFact.objects.filter(lot=lot).aggregate(last=Max("seq"))["last"]
    Lot.objects.filter(pk=lot.pk).update(retest_due_on=row.next_due_on, last_seq=last_seq)
    if entries:
        post(opened, entries)
    outbox.emit(
        "inventory.retested", {"lot_id": lot.pk, "retest": row.pk}, now=opened.now, command_id=opened.command_id
    )
    return {
        "lot": lot.number,
        "retest": row.pk,
        "previous_due_on": str(row.previous_due_on or ""),
        "next_due_on": str(row.next_due_on or ""),
        "condition": Condition.J if entries else lot.condition,
    }
