"""Long work that people ask for: done by a worker, watched and cancelled from a page, and never left half-made.

A row of Work is the promise; the outbox has a worker begin it. The worker holds a lock that ends with it, so work whose
worker was killed is free again, is found (`take_up`) and done anew, or fails clearly after three tries. What it makes
becomes visible in the one transaction that also says that it is done; so cancelling it then is too late, and before that
leaves nothing.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import matrix, preferences
from config.accounts.models import User
from config.audit import commands
from config.audit.refused import Refused
from config.jobs import outbox, progress
from config.jobs.models import Work
from config.jobs.progress import Cancelled, LostHold, Running
from config.jobs.schedule import Counts

log = logging.getLogger(__name__)

TOPIC = "jobs.work"
TRIES = 3
QUIET_FOR = timedelta(seconds=60)
MOST = 50
_LOCKED = Work.objects.select_for_update(of=("self",)).select_related("asked_by")


class WorkNotFound(Refused):
    code = "work_not_found"
    status = 404
    template = gettext_lazy("There is no such work.")


class AlreadyOver(Refused):
    code = "already_over"
    status = 409
    template = gettext_lazy("This is over already, so it cannot be cancelled any more.")


def _nothing(_work: Work) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of long work.

    `run` does it and may take long; it says how far it is with `running.at(...)` and lets Cancelled pass. `keep` makes
    what it returned visible, in the transaction that says that the work is done, and returns what the row keeps.
    `drop` removes what a run may have left, before another try and after the last. `see` and `cancel` are acts by which
    others than who asked may look at it and cancel it. `title` names the work, `leads` is where its result shows.
    """

    name: str
    title: Callable[[dict[str, Any]], str | Promise]
    run: Callable[[Work, Running], Any]
    keep: Callable[[Work, Any, datetime], dict[str, Any]]
    drop: Callable[[Work], None] = _nothing
    see: str = ""
    cancel: str = ""
    leads: Callable[[Work], tuple[str | Promise, str] | None] = lambda _work: None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of work known. The same name again replaces it."""
    _kinds[kind.name] = kind
    return kind


@dataclass(frozen=True)
class WorkRow:
    """Work as a person sees it. `share` is 0 to 100, or None while nobody knows how much there is."""

    id: int
    title: str
    state: str
    label: str
    asked_by: str
    asked_at: datetime
    done: int
    total: int | None
    doing: str
    finished_at: datetime | None
    cancelling: bool
    may_cancel: bool
    again: bool
    error: str
    result: dict[str, Any]
    leads: tuple[str | Promise, str] | None

    @property
    def under_way(self) -> bool:
        return self.state in Work.UNDER_WAY

    @property
    def share(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None


# --- asking, looking, cancelling ------------------------------------------------------------------
def ask(opened: commands.Opened, *, kind: str, about: dict[str, Any]) -> int:
    """Leave work of this kind behind, inside the command that asks for it; its number. Who calls has checked the right."""
    work = Work.objects.create(
        kind=_kinds[kind].name,
        about=about,
        asked_by=opened.actor,
        command_id=opened.command_id,
        asked_at=opened.now,
    )
    outbox.emit(TOPIC, {"work": work.pk}, now=opened.now, command_id=opened.command_id)
    return work.pk


def one(user: User, number: int) -> WorkRow:
    """One's own work, or that of others which the table lets one see; one query. Raises WorkNotFound."""
    return row_of(_seen(user, number), user=user)


def row_of(work: Work, *, user: User) -> WorkRow:
    """The work as this person sees it. No query when `asked_by` was read along."""
    kind = _kinds[work.kind]
    own = work.asked_by_id == user.pk
    over = work.state not in Work.UNDER_WAY
    return WorkRow(
        id=work.pk,
        title=str(kind.title(work.about)),
        state=work.state,
        label=str(Work.State(work.state).label),
        asked_by=work.asked_by.name,
        asked_at=work.asked_at,
        done=work.done,
        total=work.total,
        doing=work.doing,
        finished_at=work.finished_at,
        cancelling=not over and work.cancel_asked_at is not None,
        may_cancel=not over and work.cancel_asked_at is None and (own or _may(user, kind.cancel)),
        again=work.attempts > 1,
        error=work.error,
        result=work.result,
        leads=kind.leads(work) if work.state == Work.State.DONE else None,
    )


def cancel(by: commands.By, *, number: int) -> commands.Answer:
    """Cancel work that waits, or have its worker stop within a second. Answers {"work", "state"}.

    Refuses WorkNotFound, also for what one may not see; NotAllowed; AlreadyOver.
    """
    return commands.run(by, kind="jobs.cancel_work", request={"work": number}, act=lambda o: _cancel(o, number))


def _cancel(opened: commands.Opened, number: int) -> commands.Answer:
    work = _seen(opened.actor, number)
    if work.asked_by_id != opened.actor.pk:
        matrix.require(opened.actor, _kinds[work.kind].cancel)
    work = Work.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=work.pk)
    if work.state not in Work.UNDER_WAY:
        raise AlreadyOver()
    if work.state == Work.State.WAITING:
        work.state, work.finished_at = Work.State.CANCELLED, opened.now
    work.cancel_asked_at = work.cancel_asked_at or opened.now
    work.save(update_fields=["state", "finished_at", "cancel_asked_at"])
    return {"work": work.pk, "state": work.state}


def _seen(user: User, number: int) -> Work:
    work = Work.objects.select_related("asked_by").filter(pk=number).first()
    if work is None or not (work.asked_by_id == user.pk or _may(user, _kinds[work.kind].see)):
        raise WorkNotFound()
    return work


def _may(user: User, act: str) -> bool:
    return bool(act) and matrix.permits(user, act)


# --- doing it -------------------------------------------------------------------------------------
@outbox.handles(TOPIC)
def begin(payloads: list[dict[str, Any]], *, now: datetime) -> None:
    """Hand each work to a worker, after the sweep's transaction: it may take long, and owns its transactions."""
    for number in sorted({int(payload["work"]) for payload in payloads}):
        transaction.on_commit(partial(_hand_over, number), robust=True)


def take_up(*, now: datetime) -> Counts:
    """Hand work to a worker that nobody seems to have: its worker died, or the broker lost it. Safe when somebody has it."""
    lost = Work.objects.filter(state__in=Work.UNDER_WAY, asked_at__lt=now - QUIET_FOR).exclude(
        seen_at__gte=now - QUIET_FOR
    )
    numbers = list(lost.order_by("asked_at", "id").values_list("pk", flat=True)[:MOST])
    for number in numbers:
        _hand_over(number)
    return Counts(seen=len(numbers), changed=len(numbers))


def _hand_over(number: int) -> None:
    from config.jobs import tasks  # which imports this module

    tasks.carry_out.apply_async([number], expires=QUIET_FOR.total_seconds())


def carry_out(number: int, *, now: datetime) -> bool:
    """Do the work, here and now; False when it is over, another process has it, or as many run as may.

    Call it outside a transaction. What goes wrong is recorded and logged, not raised.
    """
    work = Work.objects.select_related("asked_by").filter(pk=number, state__in=Work.UNDER_WAY).first()
    if work is None:
        return False
    tongue = preferences.language(work.asked_by) or settings.LANGUAGE_CODE
    with progress.holding(work, now=now) as running, translation.override(tongue):
        if running is None or not _started(work, running):
            return False
        running.start()
        try:
            made = _kinds[work.kind].run(work, running)
            running.stop()
            running.check()
            _finish(work, made, running)
        except LostHold as lost:
            log.warning("Work %s: %s", work.pk, lost)
        except Exception as error:
            _stopped(work, error, running)
        return True


def _started(work: Work, running: Running) -> bool:
    """Note that it runs, under its lock; what an earlier worker left is removed. False when there is nothing to do."""
    with transaction.atomic():
        work.refresh_from_db(from_queryset=_LOCKED)
        if work.state not in Work.UNDER_WAY:
            return False
        _kinds[work.kind].drop(work)
        if work.cancel_asked_at:
            return _end(work, Work.State.CANCELLED, running)
        if work.attempts >= TRIES:
            return _end(work, Work.State.FAILED, running, _("Its worker stopped in the middle three times. Ask again."))
        work.state, work.attempts, work.seen_at = Work.State.RUNNING, work.attempts + 1, running.now()
        work.started_at, work.done, work.total, work.doing = work.started_at or running.now(), 0, None, ""
        work.save()
    return True


def _lock(work: Work) -> None:
    """The row as it is now, locked. Raises LostHold when another worker has begun it anew."""
    mine = work.attempts
    work.refresh_from_db(from_queryset=_LOCKED)
    if work.attempts != mine or work.state != Work.State.RUNNING:
        raise LostHold


def _finish(work: Work, made: Any, running: Running) -> None:
    """What was made becomes visible, and the work done, together; or neither, where somebody cancelled it."""
    with transaction.atomic():
        _lock(work)
        if work.cancel_asked_at:
            raise Cancelled
        work.result = _kinds[work.kind].keep(work, made, running.now())
        _end(work, Work.State.DONE, running)


def _stopped(work: Work, error: Exception, running: Running) -> None:
    """After an error nothing of the work stays, and the row says why."""
    running.stop()
    # Broken off in the middle of a statement, a connection may be of no more use.
    connection.close()
    with suppress(LostHold), transaction.atomic():
        _lock(work)
        _kinds[work.kind].drop(work)
        if work.cancel_asked_at:
            _end(work, Work.State.CANCELLED, running)
        else:
            _end(work, Work.State.FAILED, running, _why(work, error))


def _why(work: Work, error: BaseException) -> str:
    if isinstance(error, Refused):
        return str(error.message)
    log.error("Work %s (%s) failed", work.pk, work.kind, exc_info=error)
    if isinstance(error, SoftTimeLimitExceeded):
        return _("It took longer than a worker may take, so it was stopped. Ask for less at once.")
    return _(
        "The system failed, and nothing was kept. Ask again; should it fail again, name work {number} to who runs it."
    ).format(number=work.pk)


def _end(work: Work, state: str, running: Running, error: str = "") -> bool:
    work.state, work.error, work.finished_at = state, error, running.now()
    work.save(update_fields=["state", "error", "finished_at", "result"])
    return False
