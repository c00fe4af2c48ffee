"""Sites and their locations: opening them, and what a person may choose from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused
from inventory.models import HOLDING, Location, Place, Site


class DuplicateCode(Refused):
    code = "duplicate_code"
    template = "The code {value} is already used."
    field = "code"


class UnknownSite(Refused):
    code = "site_not_found"
    status = 404
    template = "There is no site {site} that you may use."
    field = "site"


@dataclass(frozen=True)
class LocationRow:
    code: str
    name: str
    site: str
    site_name: str
    kind: str
    bound_for: str


STANDARD = [
    ("QUAR", "Quarantine", Place.QUARANTINE),
    ("TRAN", "In transit", Place.TRANSIT),
    ("TOLL", "At a processor", Place.PROCESSOR),
    ("LOAN", "On loan", Place.BORROWER),
    ("SUPP", "Suppliers", Place.SUPPLIER),
    ("CONS", "Consumers", Place.CONSUMER),
    ("PROC", "Process", Place.PROCESS),
    ("SAMP", "Samples", Place.SAMPLE),
    ("LOSS", "Losses", Place.LOSS),
    ("GAIN", "Gains", Place.GAIN),
]


def open_site(
    *,
    by: By,
    code: str,
    name: str,
    country: str,
    stores: list[tuple[str, str]],
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    note: str = "",
) -> Answer:
    """Open a site with its stores (code suffix, name) and one location of every other kind. Refuses DuplicateCode."""
    body = {"code": code, "name": name, "country": country, "stores": [list(store) for store in stores], "note": note}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        if Site.objects.filter(code=code).exists():
            raise DuplicateCode(value=code)
        site = Site.objects.create(
            code=edge.text(code, what="Code", longest=12, required=True),
            name=edge.text(name, what="Name", longest=120, required=True),
            country=country,
            latitude=latitude,
            longitude=longitude,
            note=note,
        )
        rows = [*((suffix, store, Place.STORE) for suffix, store in stores), *STANDARD]
        Location.objects.bulk_create(
            [Location(code=f"{code}-{suffix}", name=words, site=site, kind=kind) for suffix, words, kind in rows]
        )
        return {"site": code, "locations": len(rows)}

    return run(by, kind="inventory.open_site", request=body, act=act)


def open_lane(*, by: By, origin: str, destination: str) -> Answer:
    """Open a transit lane: a location of the sending site whose lots the receiving site sees coming and can take out."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        start, end = (_site(code) for code in (origin, destination))
        code = f"{origin}-TO-{destination}"
        if Location.objects.filter(code=code).exists():
            raise DuplicateCode(value=code)
        Location.objects.create(
            code=code, name=f"On the way to {end.name}", site=start, kind=Place.TRANSIT, bound_for=end
        )
        return {"location": code}

    return run(by, kind="inventory.open_lane", request={"origin": origin, "destination": destination}, act=act)


def _site(code: str) -> Site:
    found = Site.objects.filter(code=code).first()
    if found is None:
        raise UnknownSite(site=code)
    return found


def visible(user: User) -> list[dict[str, Any]]:
    """Sites that the person may see, by code: code, name, country, latitude, longitude."""
    rows = Site.objects.visible_to(user).order_by("code")
    return [{**row} for row in rows.values("code", "name", "country", "latitude", "longitude", "note")]


def check_seen(user: User, code: str) -> None:
    """Raise UnknownSite for a site that the person may not see; "" names none. One query."""
    if code and not Site.objects.visible_to(user).filter(code=code).exists():
        raise UnknownSite(site=code)


def locations(user: User, *, site: str = "", kinds: tuple[str, ...] = ()) -> list[LocationRow]:
    """Active locations that the person may see, by code; of one site, or of some kinds."""
    rows = Location.objects.visible_to(user).filter(is_active=True).order_by("code")
    if site:
        rows = rows.filter(site__code=site)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return [
        LocationRow(
            row["code"], row["name"], row["site__code"], row["site__name"], row["kind"], row["bound_for__code"] or ""
        )
        for row in rows.values("code", "name", "site__code", "site__name", "kind", "bound_for__code")
    ]


def holding(user: User, *, site: str = "") -> list[LocationRow]:
    """Locations where lots can lie, that the person may see."""
    return locations(user, site=site, kinds=HOLDING)


def names() -> list[tuple[str, str]]:
    """Code and name of every site, for who gives people their sites; one query."""
    return list(Site.objects.order_by("code").values_list("code", "name"))


def codes() -> dict[str, int]:
    """Site code -> id of every site, for doors that translate codes."""
    return dict(Site.objects.values_list("code", "id"))
