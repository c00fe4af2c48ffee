"""A temporary password for somebody: asked for, agreed to by another administrator, and read out by both, half each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from config.accounts import matrix, passwords, people, resets
from config.accounts.people import PersonRow
from config.accounts.people_forms import ReasonForm
from config.audit.commands import Answer, By
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in
from config.ui.panels import Panel


@never_cache
@open_or_send
def person_password(request: HttpRequest, username: str) -> HttpResponse:
    """Ask for the reason; then the half that this administrator reads out, or to who added the person the whole, once."""
    matrix.require(request.user, "people.password")
    row, user, now = people.one(username), signed_in(request), timezone.now()
    stands = resets.standing(user=user, person=row, now=now)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do(by: By) -> Answer:
        given: dict[str, Any] = {"by": by, "person": username, "reason": form.cleaned_data["reason"]}
        if stands.alone:
            return resets.give_first(temporary=passwords.invent(by), **given)
        return resets.ask(**given)

    if not form.is_bound or form.attempt(do, user=user, now=now) is None:
        return _page(request, row, stands, form)
    if stands.alone:
        words = {"title": _("Temporary password"), "back": _back(row)}
        shown = {"person": row, "temporary": passwords.invent(form.by(user, now)), **words}
        return render(request, "accounts/person_password_given.html", shown)
    return htmx.see_other(request, request.path)


def half_of(request: HttpRequest, row: Any) -> Panel | None:
    """On a request for somebody's password: where to read one's half."""
    if row.kind != resets.KIND or not matrix.permits(request.user, "people.password"):
        return None
    return Panel(gettext_lazy("The password"), "accounts/request_half.html", {"row": row})


def _page(request: HttpRequest, row: PersonRow, stands: resets.Standing, form: ReasonForm) -> HttpResponse:
    alone = _("It is good for 24 hours, and opens only the page on which they set their own.")
    two = _(
        "Another administrator has to agree. Each of you then tells the person half of it; neither knows the whole."
    )
    context = {
        "form": form,
        "person": row,
        "stands": stands,
        "back": _back(row),
        "title": _("Temporary password"),
        "button": _("Make one") if stands.alone else _("Ask for one"),
        "note": " ".join(
            [alone, _("All their sessions end.")] if stands.alone else [two, alone, _("All their sessions end.")]
        ),
    }
    return render(request, "accounts/person_password.html", context, status=422 if form.is_bound else 200)


def _back(row: PersonRow) -> str:
    return resolve_url("person", row.username)
