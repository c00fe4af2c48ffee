"""What administrators keep: sites with their places and people, and the catalogue of materials. They see no stock."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import matrix, people
from config.accounts.people import PeopleFilters
from config.audit.commands import Answer, By
from config.audit.forms import ActForm
from config.ui import htmx, lists, panels
from config.ui.pages import open_or_send, signed_in
from inventory import catalogue, holdings, places, sites
from inventory.forms.keeping import MaterialEditForm, MaterialForm, PlaceEditForm, PlaceForm, SiteEditForm, SiteForm
from inventory.tables import KEPT_SITES

PAGE, FRAGMENT = "inventory/keeping_form_page.html", "inventory/keeping_form.html"
SITE = ("name", "country", "latitude", "longitude", "note")
MATERIAL = ("name", "grade", "shelf_life_months", "retest_months", "hazard_class", "un_number")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every site with how many places it has."""
    return lists.answer(request, KEPT_SITES, "inventory/kept_sites.html", {}, now=timezone.now())


@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    """One site: where it lies, its places, and who works there."""
    matrix.require(request.user, "sites.write")
    found = places.one(user=signed_in(request), code=code)
    context = {
        "site": found,
        "people": people.listing(PeopleFilters(site=code)),
        "panels": panels.of("kept site", request, found),
    }
    return render(request, "inventory/kept_site.html", context)


@open_or_send
def site_new(request: HttpRequest) -> HttpResponse:
    """Open a site with its stores."""
    matrix.require(request.user, "sites.write")
    form = SiteForm(_sent(request))
    words = {"title": _("Open a site"), "button": _("Open"), "back": reverse("kept-sites")}

    def do(by: By) -> Answer:
        return sites.open_site(by=by, **_given(form, ("code", "stores", *SITE)))

    return _act(request, form, words, do, lambda answer: reverse("kept-site", args=[answer["site"]]))


@open_or_send
def site_edit(request: HttpRequest, code: str) -> HttpResponse:
    """What a site is called, and where it lies."""
    matrix.require(request.user, "sites.write")
    row = places.one(user=signed_in(request), code=code)
    form = SiteEditForm(_sent(request), initial={name: getattr(row, name) for name in (*SITE, "seen")})
    back = reverse("kept-site", args=[code])
    words = {"title": _("Edit {name}").format(name=row.name), "button": _("Save"), "back": back, "seen": row.seen}

    def do(by: By) -> Answer:
        return places.edit_site(by=by, code=code, **_given(form, (*SITE, "seen")))

    return _act(request, form, words, do, lambda _answer: back)


@open_or_send
def place_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a place where lots can lie."""
    matrix.require(request.user, "sites.write")
    row = places.one(user=signed_in(request), code=code)
    form, back = PlaceForm(_sent(request)), reverse("kept-site", args=[code])
    words = {"title": _("Add a place to {name}").format(name=row.name), "button": _("Add"), "back": back}

    def do(by: By) -> Answer:
        return places.add_location(by=by, site=code, **_given(form, ("suffix", "name", "kind")))

    return _act(request, form, words, do, lambda _answer: back)


@open_or_send
def place_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Rename a place, close it or open it again."""
    matrix.require(request.user, "sites.write")
    found, row = places.place(user=signed_in(request), code=code)
    form = PlaceEditForm(_sent(request), initial={"name": row.name, "is_active": row.is_active})
    back = reverse("kept-site", args=[found.code])
    words = {"title": _("Edit {name}").format(name=row.code), "button": _("Save"), "back": back}

    def do(by: By) -> Answer:
        return places.edit_location(by=by, code=code, **_given(form, ("name", "is_active")))

    return _act(request, form, words, do, lambda _answer: back)


@open_or_send
def material_new(request: HttpRequest) -> HttpResponse:
    """Add a material to the catalogue."""
    matrix.require(request.user, "catalogue.write")
    form = MaterialForm(_sent(request))
    words = {"title": _("Add a material"), "button": _("Add"), "back": reverse("materials")}

    def do(by: By) -> Answer:
        return catalogue.add_material(by=by, material=form.material(dated_on=by.now.date()))

    return _act(request, form, words, do, lambda answer: reverse("material", args=[answer["material"]]))


@open_or_send
def material_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what may change once there are lots of it."""
    matrix.require(request.user, "catalogue.write")
    row = holdings.of_material(user=signed_in(request), code=code)
    seen, back = catalogue.stamp(row), reverse("material", args=[code])
    form = MaterialEditForm(_sent(request), initial={"seen": seen, **{name: getattr(row, name) for name in MATERIAL}})
    note = _("Form, formula, fractions, unit and basis are frozen. Intervals hold for lots received from now on.")
    words = {"title": _("Edit {name}").format(name=row.name), "button": _("Save"), "back": back, "seen": seen}

    def do(by: By) -> Answer:
        return catalogue.edit_material(by=by, code=code, **_given(form, (*MATERIAL, "seen")))

    return _act(request, form, {**words, "note": note}, do, lambda _answer: back)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _given(form: ActForm, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _act(
    request: HttpRequest,
    form: ActForm,
    words: dict[str, str],
    do: Callable[[By], Answer],
    onward: Callable[[Answer], str],
) -> HttpResponse:
    """Open the form, or do it and go where its effect shows. A refused form comes back with what it holds."""
    context = {"form": form, "action": request.path, **words}
    if request.method != "POST":
        return htmx.render(request, PAGE, FRAGMENT, context)
    answer = form.attempt(do, user=signed_in(request), now=timezone.now())
    if answer is None:
        if "seen" in words:
            form.show_again(seen=words["seen"])
        return htmx.render(request, PAGE, FRAGMENT, context, status=422)
    messages.success(request, _("Saved. It is on record under your name."))
    return htmx.see_other(request, onward(answer))
