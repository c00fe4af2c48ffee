"""The banners over every page while something is overdue: a job, or a backup."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from config.accounts import matrix
from config.jobs import backups, heartbeat
from config.jobs.status import span
from config.ui.banners import Banner

NAMED_AT_MOST = 3


def overdue(request: HttpRequest) -> list[Banner]:
    """One banner for all that is overdue: it usually has one cause. Leads to the jobs page for those who may see it."""
    labels = [str(late.label) for late in heartbeat.overdue(now=timezone.now())]
    if not labels:
        return []
    named = ", ".join(labels[:NAMED_AT_MOST])
    more = len(labels) - NAMED_AT_MOST
    words = (
        gettext("Overdue, so what you see may be out of date: {named} and {more} more.")
        if more > 0
        else gettext("Overdue, so what you see may be out of date: {named}.")
    )
    url = reverse("jobs") if matrix.permits(request.user, "jobs.see") else ""
    return [Banner("bad", words.format(named=named, more=more), url)]


def backup(request: HttpRequest) -> list[Banner]:
    """For who administers: that the last good backup is too old, or that there never was one. No query where none is watched."""
    hours = settings.BACKUP_OVERDUE_HOURS
    if not hours or not matrix.permits(request.user, "jobs.run"):
        return []
    last = backups.standing(now=timezone.now(), overdue_hours=hours)[backups.BACKUP]
    if not last.late:
        return []
    words = (
        gettext("The last good backup is {age} old.").format(age=span(last.age))
        if last.age is not None
        else gettext("No backup was ever made: what is lost now is lost for good.")
    )
    return [Banner("bad", words, f"{reverse('jobs')}#backups")]
