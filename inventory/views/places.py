"""Sites with their locations, and the catalogue of materials."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.ui import panels
from config.ui.pages import signed_in
from inventory import holdings


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """Every site that the person may see, with what it holds."""
    matrix.require(request.user, "sites.see")
    return render(request, "inventory/sites.html", {"sites": holdings.by_site(user=signed_in(request))})


@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    """One site: its locations and what lies there, by material."""
    matrix.require(request.user, "sites.see")
    found = holdings.at_site(user=signed_in(request), code=code)
    context = {
        "site": found,
        "used": [row for row in found.locations if row.lying],
        "unused": [row for row in found.locations if row.holds and not row.lying],
        "outside": [row for row in found.locations if not row.holds],
        "may_receive": matrix.permits_at(request.user, "lots.receive", code),
        "panels": panels.of("site", request, found),
    }
    return render(request, "inventory/site.html", context)


@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    """The catalogue, along the chain from mine to magnet."""
    matrix.require(request.user, "catalogue.see")
    rows = holdings.by_material(user=signed_in(request))
    context = {"materials": rows, "may_see_holdings": matrix.permits(request.user, "positions.see")}
    context["may_write"] = matrix.permits(request.user, "catalogue.write")
    return render(request, "inventory/materials.html", context)


@require_safe
def material(request: HttpRequest, code: str) -> HttpResponse:
    """One material: what it is, what is in it by which source, and where it lies."""
    matrix.require(request.user, "catalogue.see")
    found = holdings.of_material(user=signed_in(request), code=code)
    context = {
        "material": found,
        "may_receive": matrix.permits(request.user, "lots.receive"),
        "may_write": matrix.permits(request.user, "catalogue.write"),
        "panels": panels.of("material", request, found),
    }
    return render(request, "inventory/material.html", context)
