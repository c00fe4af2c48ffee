"""What a list of lots can be narrowed to. Apps above add conditions of their own: they know of flags and orders."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Self

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import edge
from config.audit.refused import Refused
from inventory import sites
from inventory.ledger.finding import number_key
from inventory.models import Balance, Condition, Material, Place, Verdict
from inventory.models.lots import SUPPLIER_KEY, LotQuerySet

Narrowing = Q | Exists
Provider = Callable[[User], Narrowing]
_providers: dict[str, Provider] = {}


class BadFilter(Refused):
    code = "bad_filter"
    status = 422
    template = _("The list cannot be narrowed by {name} {value}. {hint}")

    @classmethod
    def of(cls, name: str, value: str, hint: str | Promise) -> Self:
        """The refusal of the filter of this name, on its field."""
        return cls(name=name, value=value, hint=hint).at(name)


@dataclass(frozen=True, kw_only=True)
class LotFilters:
    """What to narrow to; empty means anything. Codes are exact, `search` begins our number or the supplier's.

    `condition` is one code or several in a row ("ABC"). `received_after` counts its own day; `due_before` does not.
    `below_target` keeps lots that an open flag wants (True) or none wants (False); `held` what lies somewhere, or not;
    `frozen` what nothing can be done with because its records differ, or the rest.
    """

    element: str = ""
    form: str = ""
    material: str = ""
    site: str = ""
    place: str = ""
    condition: str = ""
    verdict: str = ""
    search: str = ""
    received_after: date | datetime | None = None
    due_before: date | None = None
    below_target: bool | None = None
    held: bool | None = None
    frozen: bool | None = None


def register_filter(name: str, provider: Provider) -> None:
    """Give the condition behind a filter that this app cannot know: `below_target` comes from whoever keeps flags.

    The provider gets the person and returns a Q on lots, or an Exists over OuterRef("pk").
    """
    _providers[name] = provider


def lying_at(user: User, site: str) -> Exists:
    """A condition on lots for providers: some of it lies at the site now, where the person may see it."""
    here = Balance.objects.visible_to(user).filter(lot=OuterRef("pk"), net_mg__gt=0)
    return Exists(here.filter(location__site__code=site))


def materials(filters: LotFilters) -> list[int] | None:
    """The materials that element, form and material leave; None where they leave all. One query, none for all.

    Looked up first: PostgreSQL knows how many lots a material has, but not how many materials an element is in. Raises
    BadFilter, BadText.
    """
    _readable(filters)
    if not (filters.element or filters.form or filters.material):
        return None
    rows = Material.objects.order_by("pk")
    if filters.element:
        rows = rows.filter(elements__element__symbol=filters.element)
    if filters.form:
        rows = rows.filter(form__code=filters.form)
    if filters.material:
        rows = rows.filter(code=filters.material)
    return list(rows.values_list("pk", flat=True))


def narrowed(rows: LotQuerySet, *, user: User, filters: LotFilters, materials: Sequence[int] | None) -> LotQuerySet:
    """The lots of the materials that fit. Raises UnknownSite for a site that the person may not see, BadFilter, BadText."""
    if materials is not None:
        rows = rows.filter(material_id__in=materials)
    if filters.condition:
        rows = rows.filter(condition__in=list(filters.condition))
    if filters.verdict:
        rows = rows.filter(verdict=filters.verdict)
    if filters.search:
        rows = _searched(rows, filters.search)
    if filters.due_before:
        rows = rows.filter(eligible_until__lt=filters.due_before)
    if filters.frozen is not None:
        rows = rows.filter(frozen_at__isnull=not filters.frozen)
    if filters.received_after:
        rows = rows.filter(received_at__gte=_start(filters.received_after))
    return _by_registered(_by_place(rows, user, filters), user, filters)


def _readable(filters: LotFilters) -> None:
    for name in ("element", "form", "material", "site", "place", "condition", "verdict", "search"):
        edge.text(getattr(filters, name), what=name.capitalize(), longest=120, field=name)
    if not set(filters.condition) <= set(Condition.values):
        raise BadFilter.of(
            "condition", filters.condition, format_lazy(_("Use codes of {names}."), names="".join(Condition.values))
        )
    if filters.place and filters.place not in Place.values:
        raise BadFilter.of("place", filters.place, format_lazy(_("Use one of {names}."), names=", ".join(Place.values)))
    if filters.verdict and filters.verdict not in Verdict.values:
        raise BadFilter.of(
            "verdict", filters.verdict, format_lazy(_("Use one of {names}."), names=", ".join(Verdict.values))
        )


def _by_place(rows: LotQuerySet, user: User, filters: LotFilters) -> LotQuerySet:
    """Narrow by where mass lies now, among the places that the person may see."""
    here = Balance.objects.visible_to(user).filter(lot=OuterRef("pk"), net_mg__gt=0)
    if filters.held is not None:
        rows = rows.filter(Exists(here) if filters.held else ~Exists(here))
    if filters.site:
        sites.check_seen(user, filters.site)
        here = here.filter(location__site__code=filters.site)
    if filters.place:
        here = here.filter(location__kind=filters.place)
    return rows.filter(Exists(here)) if filters.site or filters.place else rows


def _by_registered(rows: LotQuerySet, user: User, filters: LotFilters) -> LotQuerySet:
    if filters.below_target is None:
        return rows
    if "below_target" not in _providers:
        return rows.none() if filters.below_target else rows
    wanted = _providers["below_target"](user)
    return rows.filter(wanted if filters.below_target else ~wanted)


def _searched(rows: LotQuerySet, search: str) -> LotQuerySet:
    folded = unicodedata.normalize("NFKC", search).strip().lower()
    return rows.alias(supplier_key=SUPPLIER_KEY).filter(
        Q(number_key__startswith=number_key(search)) | Q(supplier_key__startswith=folded)
    )


def _start(day: date | datetime) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), tzinfo=UTC)
