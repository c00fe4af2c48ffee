"""Addresses for the tests of the frame, so that they hold whatever pages the product has."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.accounts.matrix import NotAllowed
from config.audit.refused import Refused
from config.ui import htmx, specimens, views


class TooLittle(Refused):
    code = "too_little"
    status = 409
    template = "{lot} holds {held} kg. Ask for less."


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def refuse(request: HttpRequest) -> HttpResponse:
    raise TooLittle(lot="RE-26-<1>", held=40)


def forbid(request: HttpRequest) -> HttpResponse:
    raise NotAllowed(act="targets.see", roles="manager")


def either(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Received.")
    context = {**specimens.everything(), "prev": "?before=1", "next": "", "note": "30 lots", "target": ""}
    return htmx.render(request, "ui/components.html", "ui/parts/pager.html", context, status=422)


urlpatterns = [
    path("", empty, name="desk"),
    path("jobs/", empty, name="jobs"),
    path("lots/", empty, name="lots"),
    path("targets/", empty, name="targets"),
    path("refuse/", refuse),
    path("api/refuse/", refuse),
    path("forbid/", forbid),
    path("either/", either),
    path("ui/", views.components, name="ui-components"),
]
