"""An administrator gives a person a temporary password, and reads it once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from config.accounts import matrix, passwords, people
from config.accounts.people_forms import ReasonForm
from config.ui.pages import open_or_send, signed_in


@never_cache
@open_or_send
def person_password(request: HttpRequest, username: str) -> HttpResponse:
    """Ask for the reason; then show the password, this once."""
    matrix.require(request.user, "people.write")
    row, form = people.one(username), ReasonForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "person": row,
        "action": request.path,
        "back": resolve_url("person", row.username),
        "title": _("Temporary password"),
        "button": _("Make one"),
        "note": _(
            "It is good for 24 hours, and opens only the page on which they set their own. All their sessions end."
        ),
    }
    if form.is_bound and form.attempt(
        lambda by: passwords.reset(
            by=by, person=username, temporary=passwords.invent(by.key), reason=form.cleaned_data["reason"]
        ),
        user=signed_in(request),
        now=timezone.now(),
    ):
        shown = {**context, "temporary": passwords.invent(form.by(signed_in(request), timezone.now()).key)}
        return render(request, "accounts/person_password_given.html", shown)
    return render(request, "accounts/person_password.html", context, status=422 if form.is_bound else 200)
