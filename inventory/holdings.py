"""What lies at a site and where; where a material lies, in which condition. Net masses in mg. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from config.accounts.matrix import permits
from config.accounts.models import User
from inventory import positions
from inventory.ledger.refusals import MaterialNotFound
from inventory.models import (
    ACCEPTED,
    HOLDING,
    Balance,
    Location,
    Material,
    MaterialElement,
    Place,
    Position,
    Site,
    Verdict,
)
from inventory.names import spoken
from inventory.reference import FURTHER_ELEMENTS
from inventory.sites import UnknownSite


@dataclass(frozen=True)
class SiteRow:
    """One site: net mass in its stores, of it `accepted_mg` in condition A to C, and `other_mg` in its other places."""

    code: str
    name: str
    country: str
    lots: int
    store_mg: int
    accepted_mg: int
    other_mg: int


@dataclass(frozen=True)
class Lying:
    """Net mass of one material at one location."""

    material: str
    material_name: str
    lots: int
    net_mg: int
    allocated_mg: int

    @property
    def free_mg(self) -> int:
        return self.net_mg - self.allocated_mg


@dataclass(frozen=True)
class LocationRow:
    """One location, with what lies there by material."""

    code: str
    name: str
    kind: str
    kind_name: str
    bound_for: str
    holds: bool
    lying: tuple[Lying, ...]

    @property
    def net_mg(self) -> int:
        return sum(line.net_mg for line in self.lying)

    @property
    def lots(self) -> int:
        return sum(line.lots for line in self.lying)


@dataclass(frozen=True)
class SiteDetail:
    code: str
    name: str
    country: str
    note: str
    locations: tuple[LocationRow, ...]

    @property
    def net_mg(self) -> int:
        return sum(row.net_mg for row in self.locations)


def by_site(*, user: User) -> list[SiteRow]:
    """Every site that the person may see, with what it holds; two queries."""
    rows = (
        _positions(user)
        .values("site_id")
        .annotate(
            store=Sum("net_mg", filter=Q(place=Place.STORE), default=0),
            accepted=Sum("net_mg", filter=Q(place=Place.STORE, condition__in=ACCEPTED), default=0),
            other=Sum("net_mg", filter=~Q(place=Place.STORE), default=0),
            held=Sum("lots", default=0),
        )
    )
    held = {row["site_id"]: row for row in rows}
    nothing = {"store": 0, "accepted": 0, "other": 0, "held": 0}
    return [
        SiteRow(site.code, site.name, site.country, found["held"], found["store"], found["accepted"], found["other"])
        for site in Site.objects.visible_to(user).order_by("code")
        for found in [held.get(site.pk, nothing)]
    ]


def at_site(*, user: User, code: str) -> SiteDetail:
    """One site with its locations and what lies in each; three queries. Raises UnknownSite, also for a foreign site.

    Transit lanes count where they start, until the other site has taken the lot out.
    """
    site = Site.objects.visible_to(user).filter(code=code).first()
    if site is None:
        raise UnknownSite(site=code)
    lying = _lying(user, site)
    locations = Location.objects.filter(site=site, is_active=True).select_related("bound_for")
    rows = sorted(locations, key=lambda row: (list(Place).index(Place(row.kind)), row.code))
    return SiteDetail(
        code=site.code,
        name=site.name,
        country=site.country,
        note=site.note,
        locations=tuple(
            LocationRow(
                code=row.code,
                name=spoken(row.name),
                kind=row.kind,
                kind_name=row.get_kind_display(),
                bound_for=row.bound_for.name if row.bound_for else "",
                holds=row.holds,
                lying=tuple(lying.get(row.pk, ())),
            )
            for row in rows
        ),
    )


def _lying(user: User, site: Site) -> dict[int, list[Lying]]:
    """Location id -> what lies there, by material."""
    lines = (
        Balance.objects.visible_to(user)
        .filter(location__site=site, net_mg__gt=0)
        .values("location_id", code=F("lot__material__code"), name=F("lot__material__name"))
        .annotate(held=Count("lot_id"), net=Sum("net_mg"), allocated=Sum("allocated_mg"))
        .order_by("location_id", "name")
    )
    found: dict[int, list[Lying]] = {}
    for line in lines:
        found.setdefault(line["location_id"], []).append(
            Lying(line["code"], line["name"], line["held"], line["net"], line["allocated"])
        )
    return found


@dataclass(frozen=True)
class MaterialRow:
    """One material of the catalogue; `net_mg` is None where the person may not see what is held."""

    code: str
    name: str
    form: str
    form_name: str
    stage: str
    grade: str
    formula: str
    elements: tuple[str, ...]
    net_mg: int | None
    accepted_mg: int | None


@dataclass(frozen=True)
class Fraction:
    """Frozen mass fraction of one element in a material, on dry mass, with its source."""

    symbol: str
    name: str
    fraction: Decimal
    source: str
    dated_on: date

    @property
    def percent(self) -> Decimal:
        return (self.fraction * 100).normalize()


@dataclass(frozen=True)
class Holding:
    """Net mass of a material at one site, in one kind of place and condition. `lots` is not additive over sites."""

    site: str
    site_name: str
    place: str
    condition: str
    verdict: str
    net_mg: int
    free_mg: int
    lots: int

    @property
    def verdict_name(self) -> str:
        return str(Verdict(self.verdict).label)

    @property
    def place_name(self) -> str:
        return str(Place(self.place).label)


@dataclass(frozen=True, kw_only=True)
class MaterialDetail:
    code: str
    name: str
    form: str
    form_name: str
    stage: str
    grade: str
    formula: str
    unit: str
    basis: str
    shelf_life: str
    shelf_life_months: int | None
    retest_months: int | None
    hazard_class: str
    un_number: str
    moisture_bearing: bool
    assay_required: bool
    source: str
    fractions: tuple[Fraction, ...]
    holdings: tuple[Holding, ...]
    may_see_holdings: bool

    @property
    def net_mg(self) -> int:
        return sum(row.net_mg for row in self.holdings)


def by_material(*, user: User) -> list[MaterialRow]:
    """The catalogue along the chain, with what is held of each; three queries, two without the right to see that."""
    may_see = permits(user, "positions.see")
    held: dict[int, dict[str, int]] = {}
    if may_see:
        sums = (
            _positions(user)
            .values("material_id")
            .annotate(
                net=Sum("net_mg", default=0),
                accepted=Sum("net_mg", filter=Q(place=Place.STORE, condition__in=ACCEPTED), default=0),
            )
        )
        held = {row["material_id"]: row for row in sums}
    symbols: dict[int, tuple[str, ...]] = {}
    lines = MaterialElement.objects.order_by("-fraction").values_list("material_id", "element__symbol")
    for material_id, symbol in sorted(lines, key=lambda line: line[1] in FURTHER_ELEMENTS):
        symbols[material_id] = (*symbols.get(material_id, ()), symbol)
    nothing = {"net": 0, "accepted": 0}
    return [
        MaterialRow(
            code=row.code,
            name=row.name,
            form=row.form.code,
            form_name=spoken(row.form.name),
            stage=row.form.get_stage_display(),
            grade=row.grade,
            formula=row.formula,
            elements=symbols.get(row.pk, ()),
            net_mg=held.get(row.pk, nothing)["net"] if may_see else None,
            accepted_mg=held.get(row.pk, nothing)["accepted"] if may_see else None,
        )
        for row in Material.objects.select_related("form").order_by("form__rank", "name")
    ]


def of_material(*, user: User, code: str) -> MaterialDetail:
    """One material with its frozen fractions and where it lies; three queries. Raises MaterialNotFound."""
    row = Material.objects.select_related("form").filter(code=code).first()
    if row is None:
        raise MaterialNotFound(material=code)
    may_see = permits(user, "positions.see")
    return MaterialDetail(
        code=row.code,
        name=row.name,
        form=row.form.code,
        form_name=spoken(row.form.name),
        stage=row.form.get_stage_display(),
        grade=row.grade,
        formula=row.formula,
        unit=row.unit,
        basis=row.get_basis_display(),
        shelf_life=row.get_shelf_life_type_display(),
        shelf_life_months=row.shelf_life_months,
        retest_months=row.retest_months,
        hazard_class=row.hazard_class,
        un_number=row.un_number,
        moisture_bearing=row.moisture_bearing,
        assay_required=row.assay_required,
        source=row.source,
        fractions=_fractions(row.pk),
        holdings=_holdings(user, row.pk) if may_see else (),
        may_see_holdings=may_see,
    )


def _fractions(material_id: int) -> tuple[Fraction, ...]:
    rows = MaterialElement.objects.filter(material_id=material_id).order_by("-fraction", "element__symbol")
    columns = ("element__symbol", "element__name", "fraction", "source", "dated_on")
    lines = sorted(rows.values_list(*columns), key=lambda line: line[0] in FURTHER_ELEMENTS)
    return tuple(Fraction(symbol, spoken(name), *rest) for symbol, name, *rest in lines)


def _holdings(user: User, material_id: int) -> tuple[Holding, ...]:
    columns = ("site__code", "site__name", "place", "condition", "verdict", "net_mg", "free_mg", "lots")
    rows: Iterable[tuple[Any, ...]] = (
        _positions(user).filter(material_id=material_id, net_mg__gt=0).order_by(*columns[:5]).values_list(*columns)
    )
    return tuple(Holding(*line) for line in rows)


def _positions(user: User) -> Any:
    """Positions of the sites that the person may see; `positions.see` says how far."""
    rows, sites = Position.objects.filter(place__in=HOLDING), positions.sites_of(user)
    return rows if sites is None else rows.filter(site__code__in=sites)
