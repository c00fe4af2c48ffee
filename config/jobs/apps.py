"""The jobs platform app: the outbox, the schedule, the runs and the alarm when they stop."""

from datetime import time, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "config.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from config.jobs import alarm, byhand, outbox, runs, schedule, work
        from config.ui import banners, nav

        banners.register(alarm.overdue)
        banners.register(alarm.backup)
        nav.register(nav.Item(_("Jobs"), "jobs", "job", "jobs.see", order=930, section=_("System")))
        schedule.register(
            schedule.Job(
                name="jobs.sweep",
                every=timedelta(seconds=30),
                run=outbox.sweep,
                label=_("Follow-up of what people did"),
            )
        )
        work.register(byhand.RUN)
        schedule.register(
            schedule.Job(
                name="jobs.take_up",
                every=timedelta(seconds=60),
                run=work.take_up,
                label=_("Long work that lost its worker"),
            )
        )
        schedule.register(
            schedule.Job(
                name="jobs.prune",
                every=schedule.NIGHT,
                run=runs.prune,
                label=_("Clearing of old job records"),
                nightly_at=time(1, 30),
            )
        )
