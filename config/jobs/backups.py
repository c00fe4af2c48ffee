"""When the reserve was last backed up, and when a backup was last proven. Whoever does it notes it as a run."""

import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from config.jobs.models import JobRun
from config.jobs.status import span

BACKUP, DRILL = "backup", "drill"
DRILL_EVERY = timedelta(days=35)  # a month, and some days of grace

LAST = """
    SELECT name,
           (SELECT r.finished_at FROM jobs_jobrun r WHERE r.job = name AND r.ok ORDER BY r.finished_at DESC LIMIT 1),
           (SELECT r.error FROM jobs_jobrun r WHERE r.job = name ORDER BY r.finished_at DESC LIMIT 1)
    FROM unnest(%s::text[]) AS name
"""


@dataclass(frozen=True)
class Standing:
    """How old the last good one is (None: there is none), what the last try failed of if it did, and whether it is late."""

    age: timedelta | None
    error: str
    late: bool

    @property
    def words(self) -> str:
        """How long ago, as people read it."""
        return span(self.age) if self.age is not None else _("none yet")

    @property
    def told(self) -> str:
        """What is to be said of it, if anything."""
        if self.error:
            return _("the last try failed: {why}").format(why=self.error)
        return _("overdue") if self.late else ""

    @property
    def level(self) -> str:
        return "bad" if self.error or self.late else ""


def note(name: str, *, began_at: datetime, took: timedelta, rows: int = 0, error: str = "") -> None:
    """Record a backup or a drill, good or bad."""
    JobRun.objects.create(
        job=name,
        started_at=began_at,
        finished_at=began_at + took,
        ok=not error,
        rows_seen=rows,
        error=error,
        host=socket.gethostname(),
    )


def standing(*, now: datetime, overdue_hours: int) -> dict[str, Standing]:
    """How backups and drills stand, in one query. With 0 hours nothing is ever late: the database is backed up elsewhere."""
    patience = {BACKUP: timedelta(hours=overdue_hours), DRILL: DRILL_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(LAST, [list(patience)])
        last = cursor.fetchall()
    found = {}
    for name, good_at, error in last:
        age = max(now - good_at, timedelta(0)) if good_at else None
        late = overdue_hours > 0 and (age is None or age > patience[name])
        found[name] = Standing(age, error or "", late)
    return found
