"""Receiving a lot."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import matrix
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in
from inventory import ledger
from inventory.forms import ReceiveForm
from inventory.views.moves import entered

PAGE, FRAGMENT = "inventory/receive.html", "inventory/receive_form.html"


@open_or_send
def receive(request: HttpRequest) -> HttpResponse:
    """Receive one lot into a place of one's own sites; `?material=` and `?location=` fill the form in."""
    matrix.require(request.user, "lots.receive")
    user = signed_in(request)
    if request.method != "POST":
        given = {name: request.GET.get(name, "") for name in ("material", "location")}
        return htmx.render(request, PAGE, FRAGMENT, {"form": ReceiveForm(user=user, initial=given)})
    form = ReceiveForm(request.POST, user=user)
    answer = form.attempt(
        lambda by: ledger.receive(by=by, arrival=form.arrival(), occurred_at=form.cleaned_data["occurred_at"]),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return htmx.render(request, PAGE, FRAGMENT, {"form": form}, status=422)
    mass = entered(form.cleaned_data["net"])
    messages.success(
        request,
        _(
            "Received lot {lot}, {mass}. Write its number on the tag. It counts when another person has accepted it."
        ).format(lot=answer["lot"], mass=mass),
    )
    return htmx.see_other(request, reverse("lot", args=[answer["lot"]]))
