"""The exports platform app: a list as a file, exactly as it is shown, and the log of who took what."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "config.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        from config.exports import making, tables  # noqa: F401  # tables: registers the log
        from config.jobs import schedule, work
        from config.ui import nav

        work.register(making.EXPORT)
        nav.register(nav.Item(_("Exports"), "exports", "download", "exports.make", order=920, section=_("System")))
        schedule.register(
            schedule.Job(
                name="exports.clear",
                every=schedule.NIGHT,
                run=making.clear,
                label=_("Clearing of exported files"),
                nightly_at=time(2, 0),
            )
        )
