"""Sites and locations as administrators keep them: named, added to, closed. What lies there they never see."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused, Stale
from inventory.models import Balance, Location, Place, Site
from inventory.names import spoken
from inventory.sites import SUFFIX, BadSuffix, DuplicateCode, UnknownSite, about

ADDED = (Place.STORE, Place.QUARANTINE, Place.TRANSIT, Place.PROCESSOR, Place.BORROWER)


class BadKind(Refused):
    code = "bad_kind"
    status = 422
    template = gettext_lazy("A place that is added is one of: {kinds}. Every site has one of each other kind already.")
    field = "kind"


class UnknownLocation(Refused):
    code = "location_not_found"
    status = 404
    template = gettext_lazy("There is no place {location}.")


class LotsLieThere(Refused):
    code = "lots_lie_there"
    template = gettext_lazy("{location} cannot be closed while lots lie there. The people of the site move them first.")


class LastOfItsKind(Refused):
    code = "last_of_its_kind"
    template = gettext_lazy("{location} is the last of its kind at the site, which needs one. Add another first.")


@dataclass(frozen=True)
class PlaceRow:
    code: str
    name: str
    kind: str
    kind_name: str
    bound_for: str
    is_active: bool

    @property
    def spoken_name(self) -> str:
        """The name in the language that is spoken; `name` is what a form takes."""
        return spoken(self.name)


@dataclass(frozen=True)
class ManagedSite:
    """A site as an administrator sees it. `seen` changes with what `edit_site` writes."""

    code: str
    name: str
    country: str
    latitude: Decimal | None
    longitude: Decimal | None
    note: str
    places: tuple[PlaceRow, ...] = ()

    @property
    def seen(self) -> str:
        facts = [self.name, self.country, str(self.latitude), str(self.longitude), self.note]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    @property
    def stores(self) -> int:
        return sum(row.is_active and row.kind == Place.STORE for row in self.places)


def managed(*, user: User) -> list[ManagedSite]:
    """Every site with its places, by code; two queries. Raises NotAllowed."""
    require(user, "sites.write")
    columns = ("code", "name", "kind", "bound_for__code", "is_active", "site_id")
    places: dict[int, list[PlaceRow]] = {}
    for code, name, kind, bound_for, active, site in Location.objects.order_by("code").values_list(*columns):
        row = PlaceRow(code, name, kind, str(Place(kind).label), bound_for or "", active)
        places.setdefault(site, []).append(row)
    return [
        ManagedSite(
            row.code, row.name, row.country, row.latitude, row.longitude, row.note, tuple(places.get(row.pk, ()))
        )
        for row in Site.objects.order_by("code")
    ]


def one(*, user: User, code: str) -> ManagedSite:
    """One site with its places; two queries. Raises UnknownSite, NotAllowed."""
    for row in managed(user=user):
        if row.code == code:
            return row
    raise UnknownSite(site=code).at("")


def place(*, user: User, code: str) -> tuple[ManagedSite, PlaceRow]:
    """One place and its site; two queries. Raises UnknownLocation, NotAllowed."""
    for site in managed(user=user):
        for row in site.places:
            if row.code == code:
                return site, row
    raise UnknownLocation(location=code)


def edit_site(
    *,
    by: By,
    code: str,
    name: str,
    country: str,
    latitude: Decimal | None,
    longitude: Decimal | None,
    note: str,
    seen: str,
) -> Answer:
    """Change what a site is called and where it lies; its code stays. Refuses UnknownSite, Stale, and what sites.about refuses."""
    given = {"name": name, "country": country, "latitude": latitude, "longitude": longitude, "note": note}
    body = {**given, "code": code, "seen": seen, "latitude": str(latitude), "longitude": str(longitude)}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        row = Site.objects.select_for_update().filter(code=code).first()
        if row is None:
            raise UnknownSite(site=code).at("")
        if one(user=opened.actor, code=code).seen != seen:
            raise Stale(what=row.name)
        for column, value in about(**given).items():  # type: ignore[arg-type]  # as edit_site took them
            setattr(row, column, value)
        row.save()
        return {"site": code}

    return run(by, kind="inventory.edit_site", request=body, act=act, site=code[:16])


def add_location(*, by: By, site: str, suffix: str, name: str, kind: str) -> Answer:
    """Add a place where lots can lie to a site. Refuses UnknownSite, BadSuffix, BadKind, BadText, DuplicateCode."""
    body = {"site": site, "suffix": suffix, "name": name, "kind": kind}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        row = Site.objects.filter(code=site).first()
        if row is None:
            raise UnknownSite(site=site)
        if not SUFFIX.fullmatch(suffix):
            raise BadSuffix()
        if kind not in ADDED:
            raise BadKind(kinds=", ".join(ADDED))
        code = f"{site}-{suffix}"
        if Location.objects.filter(code=code).exists():
            raise DuplicateCode(value=code).at("suffix")
        clean = edge.text(name, what=_("Name"), longest=120, required=True, field="name")
        Location.objects.create(code=code, name=clean, site=row, kind=kind)
        return {"location": code, "site": site}

    return run(by, kind="inventory.add_location", request=body, act=act)


def edit_location(*, by: By, code: str, name: str, is_active: bool) -> Answer:
    """Rename a place, close it or open it again. Code, site and kind stay: moving a place would move mass without a movement.

    Refuses UnknownLocation, BadText, LotsLieThere, LastOfItsKind.
    """
    body = {"location": code, "name": name, "is_active": is_active}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        row = Location.objects.select_for_update(of=("self",)).select_related("site").filter(code=code).first()
        if row is None:
            raise UnknownLocation(location=code)
        if row.is_active and not is_active:
            _may_close(row)
        row.name = edge.text(name, what=_("Name"), longest=120, required=True, field="name")
        row.is_active = is_active
        row.save(update_fields=["name", "is_active"])
        return {"location": code, "site": row.site.code}

    return run(by, kind="inventory.edit_location", request=body, act=act)


def _may_close(row: Location) -> None:
    if Balance.objects.filter(location=row, net_mg__gt=0).exists():
        raise LotsLieThere(location=row.code)
    alike = Location.objects.filter(site=row.site, kind=row.kind, is_active=True, bound_for=None).exclude(pk=row.pk)
    if row.bound_for_id is None and not alike.exists():
        raise LastOfItsKind(location=row.code)
