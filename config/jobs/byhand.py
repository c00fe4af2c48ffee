"""A run that a person asks for: recorded as their command, carried out as long work, so that they may watch or cancel it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import matrix
from config.audit import commands
from config.audit.refused import Refused
from config.jobs import runs, schedule, work
from config.jobs.models import Work
from config.jobs.progress import Running

KIND = "jobs.run"


class RunsAlready(Refused):
    code = "runs_already"
    status = 409
    template = gettext_lazy("This job was running already. Its result stands on the page Jobs.")


class RunFailed(Refused):
    code = "run_failed"
    status = 500
    template = gettext_lazy("The job failed: {why}")


def ask(by: commands.By, *, name: str) -> commands.Answer:
    """Ask for a run of the job, begun within seconds where workers are alive. Answers {"job", "label", "work"}.

    Refuses whoever may not run jobs (recorded as their command); raises schedule.UnknownJob.
    """

    def act(opened: commands.Opened) -> commands.Answer:
        matrix.require(opened.actor, "jobs.run")
        job = schedule.get(name)
        number = work.ask(opened, kind=KIND, about={"job": job.name})
        return {"job": job.name, "label": str(job.label), "work": number}

    return commands.run(by, kind="jobs.run", request={"job": name}, act=act)


def _run(asked: Work, running: Running) -> dict[str, Any]:
    run = runs.run(asked.about["job"], now=running.now(), steps=running)
    if run is None:
        raise RunsAlready()
    if not run.ok:
        raise RunFailed(why=run.error)
    return {"rows_seen": run.rows_seen, "rows_changed": run.rows_changed}


def _title(about: dict[str, Any]) -> str:
    job = next((job for job in schedule.all_jobs() if job.name == about["job"]), None)
    return str(job.label) if job else str(about["job"])


def _keep(_asked: Work, counts: dict[str, Any], _now: datetime) -> dict[str, Any]:
    return counts


def _leads(_asked: Work) -> tuple[str, str]:
    return _("See the jobs"), reverse("jobs")


RUN = work.Kind(
    name=KIND,
    title=_title,
    run=_run,
    keep=_keep,
    see="jobs.see",
    cancel="jobs.run",
    leads=_leads,
)
