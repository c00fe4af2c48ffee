"""What people do with the schedule: take a row into work, record its retest; set a policy, which takes two managers."""

from datetime import date

from django.db import IntegrityError, transaction

from config.accounts.matrix import require
from config.approvals import requests
from config.approvals.models import Request
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused
from config.jobs import outbox
from inventory import catalogue, ledger
from reserve.models import Rotation, RotationPolicy
from reserve.rotation import reads

POLICY = "reserve.rotation_policy"


class RotationFinished(Refused):
    code = "rotation_finished"
    template = "This row of the schedule is already {state}."


class WrongMethod(Refused):
    code = "wrong_method"
    status = 422
    template = "This row is rotated by '{method}'; a retest does not answer it."


class BadPolicy(Refused):
    code = "bad_policy"
    status = 422
    template = "{why}"


class PolicyExists(Refused):
    code = "policy_exists"
    template = "{material} already has a policy for this. End that one first."


def start(*, by: By, rotation_id: int) -> Answer:
    """Take a row into work at one's own site. Answers {"rotation", "state"}. Refuses RotationNotFound, RotationFinished."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "lots.retest")
        row = _open(opened, rotation_id)
        if row.state == Rotation.State.IN_WORK:
            raise RotationFinished(state=row.state)
        row.state = Rotation.State.IN_WORK if row.due_on >= opened.now.date() else Rotation.State.OVERDUE
        row.started_at, row.started_by_id = opened.now, opened.actor.pk
        row.save(update_fields=["state", "started_at", "started_by"])
        return {"rotation": row.pk, "state": row.state}

    return run(by, kind="reserve.rotation_start", request={"rotation": rotation_id}, act=act)


def record_retest(
    *,
    by: By,
    rotation_id: int,
    performed_on: date,
    passed: bool,
    next_due_on: date | None = None,
    lab: str = "",
    note: str = "",
) -> Answer:
    """Record the retest that a row asks for: the lot's date moves (passed) or the lot is suspended, and the row is done.

    Answers {"rotation", "state", "lot", "previous_due_on", "next_due_on", "condition"}. Refuses RotationNotFound,
    RotationFinished, WrongMethod and what `ledger.retest` refuses.
    """
    body = {
        "rotation": rotation_id,
        "performed_on": str(performed_on),
        "passed": passed,
        "next_due_on": str(next_due_on or ""),
        "lab": lab,
        "note": note,
    }

    def act(opened: Opened) -> Answer:
        seen = reads.one(user=opened.actor, rotation_id=rotation_id)
        row = _open(opened, rotation_id)
        if row.driver != RotationPolicy.Driver.RETEST:
            raise WrongMethod(method=row.get_method_display())
        found = ledger.retest(
            by=opened,
            lot=seen.lot,
            performed_on=performed_on,
            passed=passed,
            next_due_on=next_due_on,
            lab=lab,
            note=note,
        )
        row.state, row.finished_at, row.retest_id = Rotation.State.DONE, opened.now, found["retest"]
        row.result = (
            f"Passed on {performed_on}, next due {found['next_due_on']}" if passed else f"Failed on {performed_on}: suspended"
        )
        row.save(update_fields=["state", "finished_at", "retest_id", "result"])
        return {"rotation": row.pk, "state": row.state, **found}

    return run(by, kind="reserve.rotation_retest", request=body, act=act)


def _open(opened: Opened, rotation_id: int) -> Rotation:
    reads.one(user=opened.actor, rotation_id=rotation_id)
    row = Rotation.objects.select_for_update().get(pk=rotation_id)
    if row.finished_at:
        raise RotationFinished(state=row.get_state_display().lower())
    return row


def propose_policy(*, by: By, material: str, driver: str, method: str, ahead_months: int, source: str) -> Answer:
    """Propose how lots of a material are rotated; in force once another manager approves. Answers {"policy", "request"}.

    Refuses BadPolicy, PolicyExists, NotAllowed.
    """
    body = {"material": material, "driver": driver, "method": method, "ahead_months": ahead_months, "source": source}
    return run(by, kind=POLICY, request=body, act=lambda opened: _propose(opened, material, driver, method, ahead_months, source))


def _propose(opened: Opened, material: str, driver: str, method: str, ahead_months: int, source: str) -> Answer:
    require(opened.actor, "rotations.write")
    ids = catalogue.ids()["material"]
    if material not in ids:
        raise BadPolicy(why=f"There is no material {material}.")
    if driver not in RotationPolicy.Driver.values or method not in RotationPolicy.Method.values:
        raise BadPolicy(why="Choose a driver and a method from the lists.")
    if not 1 <= ahead_months <= 36:
        raise BadPolicy(why="Work begins 1 to 36 months ahead.")
    row = RotationPolicy(
        material_id=ids[material],
        driver=driver,
        method=method,
        ahead_months=ahead_months,
        source=edge.text(source, what="Source", longest=300, required=True),
        proposed_by_id=opened.actor.pk,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise PolicyExists(material=material) from None
    request = requests.ask(
        opened,
        kind=POLICY,
        subject=f"policy {row.pk}",
        site_code="",
        summary=f"{material}: {row.get_method_display().lower()}, {ahead_months} months ahead",
        body={"policy": row.pk},
        reason=row.source,
    )
    return {"policy": row.pk, "request": request.pk}


def apply_policy(opened: Opened, request: Request) -> Answer:
    """A second manager agreed: the policy counts, and the schedule follows."""
    row = RotationPolicy.objects.select_for_update().get(pk=request.body["policy"])
    row.approved_by_id, row.approved_at = opened.actor.pk, opened.now
    row.save(update_fields=["approved_by", "approved_at"])
    outbox.emit("reserve.policies", {}, now=opened.now, command_id=opened.command_id)
    return {"policy": row.pk}


def undo_policy(opened: Opened, request: Request) -> None:
    """The proposal was refused or withdrawn."""
    RotationPolicy.objects.filter(pk=request.body["policy"]).update(is_active=False)


ACT = requests.TwoPersonAct(POLICY, "Rotation policy", "rotations.write", apply_policy, undo_policy)
