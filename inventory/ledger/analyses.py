"""Findings of a laboratory: an assay that comes into force, and a retest that extends a lot or ends it."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Max

from config.audit.commands import Answer, By, Opened, run
from config.jobs import outbox
from inventory.ledger import finding
from inventory.ledger.conditions import mark_lapsed
from inventory.ledger.post import Analyse, Judge, post
from inventory.ledger.receipts import AssayIn, check_fractions, check_moisture
from inventory.ledger.refusals import BadRetestDate, Expired, NoRetest
from inventory.models import Assay, Condition, Lot, LotFact, Retest


def record_assay(*, by: By, lot: str, assay: AssayIn, seen_seq: int | None = None) -> Answer:
    """Bring a laboratory's assay into force from now on; contained masses follow. The earlier assays stay on record.

    Answers {"lot"}. Refuses LotNotFound, UnknownElement, BadFraction, TooMuchContained, NotMoistureBearing, Stale,
    NotAllowed.
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
    lot = _locked(opened, number, "lots.assay", seen_seq)
    check_moisture(lot.material, assay.moisture)
    entry = Analyse(
        lot_id=lot.pk,
        at=opened.now,
        source=Assay.Source.LABORATORY,
        fractions=check_fractions(assay.fractions),
        moisture=assay.moisture,
        lab=assay.lab,
        method=assay.method,
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
    "previous_due_on", "next_due_on", "condition"}. Refuses LotNotFound, Expired, NoRetest, BadRetestDate, Stale, NotAllowed.
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
        found = _locked(opened, lot, "lots.retest", seen_seq)
        due_on = _next_due(found, performed_on, passed, next_due_on, opened.now.date())
        return _retest(opened, found, Retest(performed_on=performed_on, passed=passed, next_due_on=due_on, lab=lab, note=note))

    return run(by, kind="inventory.retest", request=body, act=act)


def _locked(opened: Opened, number: str, act: str, seen_seq: int | None) -> Lot:
    found = finding.lot(opened.actor, number, act=act)
    lot = Lot.objects.select_for_update(of=("self",)).select_related("material").get(pk=found.pk)
    finding.unchanged(lot, seen_seq)
    return lot


def _next_due(lot: Lot, performed_on: date, passed: bool, asked: date | None, today: date) -> date | None:
    if performed_on > today:
        raise BadRetestDate(why="The test lies in the future. Record it on the day it was made.")
    if performed_on < lot.received_at.date():
        raise BadRetestDate(why=f"Lot {lot.number} was not here yet on {performed_on}.")
    if lot.expires_on and passed and lot.expires_on < today:
        raise Expired(lot=lot.number, expires_on=lot.expires_on)
    if not passed:
        return lot.retest_due_on
    if asked is None and lot.material.retest_months is None:
        raise NoRetest(material=lot.material.name)
    due_on = asked or performed_on + relativedelta(months=lot.material.retest_months or 0)
    if due_on <= performed_on:
        raise BadRetestDate(why="The next due date must come after the day of the test.")
    return due_on


def _retest(opened: Opened, lot: Lot, row: Retest) -> Answer:
    mark_lapsed(opened, [lot], today=opened.now.date())
    lot.refresh_from_db(fields=["condition"])
    row.lot, row.previous_due_on = lot, lot.retest_due_on
    row.occurred_at = row.recorded_at = opened.now
    row.actor_id, row.command_id = opened.actor.pk, opened.command_id
    row.save()
    last_seq = LotFact.objects.filter(lot=lot).aggregate(last=Max("seq"))["last"]
    Lot.objects.filter(pk=lot.pk).update(retest_due_on=row.next_due_on, last_seq=last_seq)
    if not row.passed and lot.condition != Condition.J:
        post(opened, [Judge(lot_id=lot.pk, at=opened.now, condition=Condition.J, reason="Retest failed")])
        lot.condition = Condition.J
    outbox.emit("inventory.retested", {"lot_id": lot.pk, "retest": row.pk}, now=opened.now, command_id=opened.command_id)
    return {
        "lot": lot.number,
        "retest": row.pk,
        "previous_due_on": str(row.previous_due_on or ""),
        "next_due_on": str(row.next_due_on or ""),
        "condition": lot.condition,
    }
