"""The schedule of jobs with their last runs, column by column."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit.forms import FilterForm
from config.audit.keyset import Page, whole
from config.jobs import status
from config.jobs.status import JobStatus
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, moment


@dataclass(frozen=True)
class JobLine:
    """A job, and the button that runs it now, where a page gives one."""

    job: JobStatus
    button: SafeString | str = ""


def _find(form: Any, *, user: Any, now: datetime, cursor: str, size: int) -> Page[JobLine]:
    return whole([JobLine(row) for row in status.rows(now=now)])


def _job(line: JobLine) -> SafeString:
    job = line.job
    return format_html('{}<small>{} · <span class="code">{}</span></small>', job.label, job.rhythm, job.name)


def _state(line: JobLine) -> tuple[str, str]:
    job = line.job
    if job.overdue:
        return "bad", gettext("Overdue")
    if job.last is None:
        return "muted", gettext("Not yet run")
    return ("ok", gettext("Good")) if job.last.ok else ("bad", gettext("Failed"))


def _state_cell(line: JobLine) -> SafeString:
    job = line.job
    late = format_html(' <span class="bad">{}</span>', job.late) if job.overdue else ""
    error = format_html('<p class="bad">{}</p>', job.last.error) if job.last and job.last.error else ""
    return format_html("{}{}{}", badge(*_state(line)), late, error)


def _due(line: JobLine) -> str:
    return moment(line.job.next_due_at) if line.job.next_due_at else gettext("now")


JOBS = register(
    Table(
        name="jobs",
        url_name="jobs",
        act="jobs.see",
        title=_("Schedule"),
        one=_("job"),
        many=_("jobs"),
        columns=(
            Column("job", _("Job"), lambda line: line.job.label, _job),
            Column("name", _("Name"), lambda line: line.job.name, shown=False),
            Column("state", _("State"), lambda line: _state(line)[1], _state_cell),
            Column("error", _("Error"), lambda line: line.job.last.error if line.job.last else "", shown=False),
            Column(
                "last",
                _("Last run"),
                lambda line: line.job.last.started_at if line.job.last else None,
                lambda line: moment(line.job.last.started_at if line.job.last else None),
            ),
            Column(
                "took",
                _("Took, s"),
                lambda line: Decimal(line.job.last.seconds) if line.job.last else None,
                number=True,
            ),
            Column(
                "seen", _("Rows seen"), lambda line: line.job.last.rows_seen if line.job.last else None, number=True
            ),
            Column(
                "changed",
                _("Rows changed"),
                lambda line: line.job.last.rows_changed if line.job.last else None,
                number=True,
            ),
            Column("due", _("Next due"), lambda line: line.job.next_due_at, _due),
            Column("run", _("Run now"), None, lambda line: line.button, act="jobs.run"),
        ),
        note=_("last run of each job, times in UTC"),
        form=lambda params, _user, _now: FilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(_("No job"), ""),
    )
)
