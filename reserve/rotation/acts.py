"""What people at a site do with the schedule: take a row into work, record its retest."""

from datetime import date

from django.utils.translation import gettext_lazy

from config.accounts.matrix import permits_at, require, require_at
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused, Stale
from inventory import ledger
from reserve.models import Rotation, RotationPolicy
from reserve.rotation import reads
from reserve.rotation.reads import RotationRow


class RotationFinished(Refused):
    code = "rotation_finished"
    template = gettext_lazy("This row of the schedule is already {state}.")


class WrongMethod(Refused):
    code = "wrong_method"
    status = 422
    template = gettext_lazy(
        "This row is rotated by '{method}' because the shelf life ends; a retest does not answer it."
    )


def start(*, by: By, rotation_id: int) -> Answer:
    """Take a row into work at one's own site. Answers {"rotation", "state"}.

    Refuses RotationNotFound, RotationFinished, NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        row, _ = _open(opened, rotation_id)
        if row.started_at:
            raise RotationFinished(state="in work")
        late = row.due_on < opened.now.date()
        row.state = Rotation.State.OVERDUE if late else Rotation.State.IN_WORK
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

    Without `next_due_on` the material's interval counts from the day of the test. Answers {"rotation", "state", "lot",
    "retest", "previous_due_on", "next_due_on", "condition"}. Refuses RotationNotFound, RotationFinished, WrongMethod, Stale
    (the lot was retested since), NotAllowed and what `ledger.retest` refuses.
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
        row, seen = _open(opened, rotation_id)
        if row.driver != RotationPolicy.Driver.RETEST:
            raise WrongMethod(method=row.get_method_display())
        if seen.lot_due_on != row.due_on:
            raise Stale(what=f"Lot {seen.lot}")
        found = ledger.retest(
            by=opened,
            lot=seen.lot,
            performed_on=performed_on,
            passed=passed,
            next_due_on=next_due_on,
            lab=lab,
            note=note,
            seen_seq=seen.lot_seq,
        )
        _finish(row, opened, found, performed_on, passed)
        return {"rotation": row.pk, "state": row.state, **found}

    return run(by, kind="reserve.rotation_retest", request=body, act=act)


def _finish(row: Rotation, opened: Opened, found: Answer, performed_on: date, passed: bool) -> None:
    row.state, row.finished_at, row.retest_id = Rotation.State.DONE, opened.now, found["retest"]
    outcome = f"Passed on {performed_on}, next due {found['next_due_on']}"
    row.result = outcome if passed else f"Failed on {performed_on}: suspended"
    row.save(update_fields=["state", "finished_at", "retest_id", "result"])


def _open(opened: Opened, rotation_id: int) -> tuple[Rotation, RotationRow]:
    """The row, locked, and as the actor sees it. Whoever sees a foreign site's row may still not work on it."""
    require(opened.actor, "lots.retest")
    seen = reads.one(user=opened.actor, rotation_id=rotation_id, today=opened.now.date())
    if not any(permits_at(opened.actor, "lots.retest", site) for site in seen.sites):
        require_at(opened.actor, "lots.retest", "".join(seen.sites[:1]))
    row = Rotation.objects.select_for_update().get(pk=rotation_id)
    if row.finished_at:
        raise RotationFinished(state=row.get_state_display().lower())
    return row, seen
