"""The page of one long work: how far it is, and a button that cancels it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.audit.forms import KeyedForm
from config.audit.refused import Refused
from config.jobs import work
from config.jobs.work import WorkRow
from config.ui import htmx
from config.ui.pages import signed_in

PAGE, PROGRESS = "jobs/work.html", "jobs/progress.html"


def parts(row: WorkRow) -> dict[str, Any]:
    """What the progress part takes."""
    return {"work": row, "cancel_form": KeyedForm(auto_id=False) if row.may_cancel else None}


@require_safe
def work_page(request: HttpRequest, number: int) -> HttpResponse:
    """One's own work, or that of others which one may see; the part asks again by itself until it is over."""
    row = work.one(signed_in(request), number)
    answer = htmx.render(request, PAGE, PROGRESS, parts(row))
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def work_cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel it; then back to where it is shown."""
    form = KeyedForm(request.POST)
    user = signed_in(request)
    if not form.is_valid():
        work.one(user, number)
        messages.error(request, _("Nothing was cancelled: the button came without its key. Press it again here."))
        return htmx.see_other(request, reverse("work", args=[number]))
    try:
        work.cancel(form.by(user, timezone.now()), number=number)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.message)
    return htmx.see_other(request, reverse("work", args=[number]))
