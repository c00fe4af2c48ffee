"""The jobs page: what ran, what did not, and a run on demand."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.audit.forms import KeyedForm
from config.jobs import byhand, schedule, status
from config.jobs.status import JobStatus
from config.ui.pages import signed_in


@dataclass(frozen=True)
class Line:
    """One job on the page, with the form behind its button."""

    job: JobStatus
    form: KeyedForm


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job with its last run, and the work that got stuck."""
    matrix.require(request.user, "jobs.see")
    now = timezone.now()
    rows = status.rows(now=now)
    context = {
        "lines": [Line(row, KeyedForm(auto_id=False)) for row in rows],
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
    matrix.require(request.user, "jobs.run")
    form = KeyedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was started: the button came without its key. Press it again here."))
        return redirect("jobs")
    try:
        answer = byhand.ask(form.by(signed_in(request), timezone.now()), name=name)
    except schedule.UnknownJob as unknown:
        raise Http404(str(unknown)) from None
    messages.success(request, f"Asked for: {answer['label']}. It runs within seconds; reload to see the result.")
    return redirect("jobs")
