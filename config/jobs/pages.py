"""The jobs page: what ran, what did not, and a run on demand."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import By
from config.jobs import byhand, schedule, status
from config.jobs.status import JobStatus


@dataclass(frozen=True)
class Line:
    """One job on the page, with the key that its button sends."""

    job: JobStatus
    key: UUID


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job with its last run, and the work that got stuck."""
    matrix.require(request.user, "jobs.see")
    now = timezone.now()
    rows = status.rows(now=now)
    context = {
        "lines": [Line(row, uuid4()) for row in rows],
        "overdue": sum(row.overdue for row in rows),
        "failed": sum(row.last is not None and not row.last.ok for row in rows),
        "stuck": status.stuck(now=now),
        "may_run": matrix.permits(request.user, "jobs.run"),
        "as_of": now,
    }
    return render(request, "jobs/jobs.html", context)


@require_POST
def job_run(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a run of one job; it starts with the next sweep."""
    by = By(actor=_person(request.user), key=_key(request), now=timezone.now())
    try:
        answer = byhand.ask(by, name=name)
    except schedule.UnknownJob as unknown:
        raise Http404(str(unknown)) from None
    messages.success(request, f"Asked for: {answer['label']}. It runs within seconds; reload to see the result.")
    return redirect("jobs")


def _person(user: User | AnonymousUser) -> User:
    assert isinstance(user, User), "LoginRequiredMiddleware lets nobody else through"
    return user


def _key(request: HttpRequest) -> UUID:
    try:
        return edge.key(request.POST.get("key"))
    except edge.NotPlain as problem:
        raise edge.BadText(what="This form", why=f"came without its key: {problem}") from None
