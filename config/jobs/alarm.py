"""The red banner over every page while something is overdue."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from config.accounts import matrix
from config.jobs import heartbeat
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
