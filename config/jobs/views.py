"""The jobs page: what ran, what did not, and a run on demand."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.audit.forms import KeyedForm
from config.audit.keyset import Page
from config.jobs import backups, byhand, schedule, status
from config.jobs.status import JobStatus
from config.jobs.tables import JOBS, JobLine
from config.ui import buttons, htmx, lists
from config.ui.pages import signed_in


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job with its last run, and the work that got stuck."""
    now = timezone.now()

    def also(_form: object, page: Page[JobLine]) -> dict[str, Any]:
        rows = [line.job for line in page.rows]
        return {
            "page": replace(page, rows=[JobLine(row, _button(request, row)) for row in rows]),
            "overdue": sum(row.overdue for row in rows),
            "failed": sum(row.last is not None and not row.last.ok for row in rows),
            "stuck": status.stuck(now=now),
            "backups": backups.standing(now=now, overdue_hours=settings.BACKUP_OVERDUE_HOURS),
            "backup_hours": settings.BACKUP_OVERDUE_HOURS,
        }

    return lists.answer(request, JOBS, "jobs/jobs.html", {"as_of": now}, now=now, also=also)


def _button(request: HttpRequest, job: JobStatus) -> SafeString | str:
    if not matrix.permits(request.user, "jobs.run"):
        return ""
    return buttons.post(request, reverse("job-run", args=[job.name]), gettext("Run"), job.label)


@require_POST
def job_run(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a run of one job; it begins within seconds, and its page shows how far it is."""
    matrix.require(request.user, "jobs.run")
    form = KeyedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was started: the button came without its key. Press it again here."))
        return redirect("jobs")
    try:
        answer = byhand.ask(form.by(signed_in(request), timezone.now()), name=name)
    except schedule.UnknownJob as unknown:
        raise Http404(str(unknown)) from None
    return htmx.see_other(request, reverse("work", args=[answer["work"]]))
