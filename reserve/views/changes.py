"""What changed in what is held: act by act, and saying that one has read it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from config.audit.keyset import Page
from config.ui import lists
from config.ui.pages import signed_in
from inventory.changes import Entry
from reserve.desks import reading
from reserve.forms import ChangesFilterForm, ReadForm
from reserve.tables import CHANGES


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every act that changed what is held or eligible in a time, the latest recorded first."""
    return lists.answer(request, CHANGES, "reserve/changes.html", {}, now=timezone.now(), also=_time)


def _time(form: ChangesFilterForm, _page: Page[Entry]) -> dict[str, Any]:
    return {"since": form.cleaned_data["since"], "until": form.cleaned_data["until"]}


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """The news of the desk is read, up to the moment at which it was shown; then back to it."""
    form = ReadForm(request.POST)
    user, now = signed_in(request), timezone.now()
    form.attempt(lambda by: reading.mark(by=by, until=form.cleaned_data["until"]), user=user, now=now)
    return redirect(f"{reverse('desk')}#changes")
