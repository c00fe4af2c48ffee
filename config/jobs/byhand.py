"""A run that a person asks for: recorded as their command, carried out by the next sweep, wherever that is."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from config.accounts import matrix
from config.audit import commands
from config.jobs import outbox, runs, schedule

TOPIC = "jobs.asked"


def ask(by: commands.By, *, name: str) -> commands.Answer:
    """Ask for a run of the job, within seconds where workers are alive.

    Refuses whoever may not run jobs (recorded as their command); raises schedule.UnknownJob.
    """

    def act(opened: commands.Opened) -> commands.Answer:
        matrix.require(opened.actor, "jobs.run")
        job = schedule.get(name)
        outbox.emit(TOPIC, {"job": job.name}, now=opened.now, command_id=opened.command_id)
        return {"job": job.name, "label": job.label}

    return commands.run(by, kind="jobs.run", request={"job": name}, act=act)


@outbox.handles(TOPIC)
def carry_out(payloads: list[dict[str, Any]], *, now: datetime) -> None:
    """Run each job asked for once, after the sweep's transaction: a job owns its transactions."""
    for name in sorted({payload["job"] for payload in payloads}):
        transaction.on_commit(partial(runs.run, name, now=now), robust=True)
