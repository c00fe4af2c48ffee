"""What belongs to no app: how a person likes to see things, and the page of parts for people who build pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from config.accounts import matrix, preferences
from config.ui import htmx, specimens, tables
from config.ui.pages import signed_in


def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state with made-up figures; 404 outside the trial."""
    if settings.MODE != "trial":
        raise Http404
    return render(request, "ui/components.html", specimens.everything())


@require_POST
def choose_preferences(request: HttpRequest) -> HttpResponse:
    """Language and mass unit, each where given; then back to the page that it was chosen on."""
    preferences.choose(
        user=signed_in(request),
        language=request.POST.get("language", ""),
        mass_unit=request.POST.get("mass_unit", ""),
    )
    return _back(request, resolve_url("/"))


@require_POST
def choose_columns(request: HttpRequest, name: str) -> HttpResponse:
    """Which columns of a list the person sees, and how dense; then back to the list as it was narrowed."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    tables.choose(
        table,
        user=signed_in(request),
        columns=request.POST.getlist("columns"),
        density=request.POST.get("density", ""),
    )
    return _back(request, resolve_url(table.url_name))


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return htmx.see_other(request, back if ours else otherwise)
