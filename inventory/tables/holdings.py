"""The lists of sites and of materials, with what is held, and of sites as administrators keep them."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.forms import FilterForm
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, mass, register
from inventory import holdings, places
from inventory.holdings import MaterialRow, SiteRow
from inventory.places import ManagedSite


def _find_sites(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[SiteRow]:
    return whole(holdings.by_site(user=user))


def _site(row: SiteRow) -> SafeString:
    return format_html('<a href="{}">{}</a><small>{}</small>', reverse("site", args=[row.code]), row.name, row.code)


SITES = register(
    Table(
        name="sites",
        url_name="sites",
        act="sites.see",
        title=_("Sites"),
        one=_("site"),
        many=_("sites"),
        columns=(
            Column("site", _("Site"), lambda row: row.name, _site),
            Column("code", _("Code"), lambda row: row.code, shown=False),
            Column("country", _("Country"), lambda row: row.country),
            mass("stores", _("In its stores, kg net"), lambda row: row.store_mg, tonnes=True),
            mass("accepted", _("of it accepted (A–C), kg net"), lambda row: row.accepted_mg, tonnes=True),
            mass("elsewhere", _("In its other places, kg net"), lambda row: row.other_mg, tonnes=True),
        ),
        form=lambda params, _user, _now: FilterForm(params),
        find=_find_sites,
        nothing=lambda _user: Nothing(_("No site is yours yet"), _("An administrator gives you your sites.")),
    )
)


def _find_materials(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[MaterialRow]:
    return whole(holdings.by_material(user=user))


def _material(row: MaterialRow) -> SafeString:
    small = format_html("<small>{}</small>", row.grade) if row.grade else ""
    return format_html('<a href="{}">{}</a>{}', reverse("material", args=[row.code]), row.name, small)


MATERIALS = register(
    Table(
        name="materials",
        url_name="materials",
        act="catalogue.see",
        title=_("Materials"),
        one=_("material"),
        many=_("materials"),
        columns=(
            Column("material", _("Material"), lambda row: row.name, _material),
            Column("code", _("Code"), lambda row: row.code, shown=False),
            Column("grade", _("Grade"), lambda row: row.grade, shown=False),
            Column(
                "form",
                _("Form"),
                lambda row: row.form_name,
                lambda row: format_html("{}<small>{}</small>", row.form_name, row.stage),
            ),
            Column("stage", _("Stage"), lambda row: row.stage, shown=False),
            Column("elements", _("Elements"), lambda row: ", ".join(row.elements) or gettext("by assay")),
            Column("formula", _("Formula"), lambda row: row.formula),
            mass("held", _("Held, kg net"), lambda row: row.net_mg, tonnes=True, act="positions.see"),
            mass(
                "accepted",
                _("Accepted (A–C) in stores, kg net"),
                lambda row: row.accepted_mg,
                tonnes=True,
                act="positions.see",
            ),
        ),
        form=lambda params, _user, _now: FilterForm(params),
        find=_find_materials,
        nothing=lambda _user: Nothing(_("No materials yet"), _("An administrator adds what lots can be of.")),
    )
)


def _find_kept_sites(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[ManagedSite]:
    return whole(places.managed(user=user))


def _kept_site(row: ManagedSite) -> SafeString:
    return format_html(
        '<a href="{}"><bdi>{}</bdi></a><small>{}</small>', reverse("kept-site", args=[row.code]), row.name, row.code
    )


KEPT_SITES = register(
    Table(
        name="kept-sites",
        url_name="kept-sites",
        act="sites.write",
        title=_("Sites and places"),
        one=_("site"),
        many=_("sites"),
        columns=(
            Column("site", _("Site"), lambda row: row.name, _kept_site),
            Column("code", _("Code"), lambda row: row.code, shown=False),
            Column("country", _("Country"), lambda row: row.country),
            Column("stores", _("Stores in use"), lambda row: row.stores, number=True),
            Column(
                "lies",
                _("Latitude, longitude"),
                lambda row: "" if row.latitude is None else f"{row.latitude}, {row.longitude}",
            ),
            Column("note", _("Note"), lambda row: row.note, shown=False),
        ),
        form=lambda params, _user, _now: FilterForm(params),
        find=_find_kept_sites,
        nothing=lambda _user: Nothing(
            _("No site yet"), _("Lots need a place to lie."), reverse("kept-site-new"), _("Open a site")
        ),
    )
)
