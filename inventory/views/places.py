"""Sites with their locations, and the catalogue of materials."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.ui import lists, panels
from config.ui.pages import signed_in
from inventory import holdings
from inventory.tables import MATERIALS, SITES


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """Every site that the person may see, with what it holds."""
    return lists.answer(request, SITES, "inventory/sites.html", {}, now=timezone.now())


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
    may = {"may_see_holdings": "positions.see", "may_write": "catalogue.write"}
    context = {name: matrix.permits(request.user, act) for name, act in may.items()}
    return lists.answer(request, MATERIALS, "inventory/materials.html", context, now=timezone.now())


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
