"""Sites and their locations: opening them, and what a person may choose from."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused
from inventory import names as place_names
from inventory.models import HOLDING, Location, Place, Site


class DuplicateCode(Refused):
    code = "duplicate_code"
    template = gettext_lazy("The code {value} is already used.")
    field = "code"


class UnknownSite(Refused):
    code = "site_not_found"
    status = 404
    template = gettext_lazy("There is no site {site} that you may use.")
    field = "site"


class BadCode(Refused):
    code = "bad_code"
    status = 422
    template = gettext_lazy("Write the code with 2 to 12 capital letters and digits, like HAM. It stays for good.")
    field = "code"


class BadSuffix(Refused):
    code = "bad_suffix"
    status = 422
    template = gettext_lazy("Write 1 to 12 capital letters and digits, like S3. The site's code is put before it.")
    field = "suffix"


class BadCountry(Refused):
    code = "bad_country"
    status = 422
    template = gettext_lazy("Write the country as two capital letters (ISO 3166), like US.")
    field = "country"


class BadCoordinates(Refused):
    code = "bad_coordinates"
    status = 422
    template = gettext_lazy("Give latitude (-90 to 90) and longitude (-180 to 180) together, with at most 5 decimals.")
    field = "latitude"


_CODE = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
SUFFIX = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)


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


TAKEN = frozenset(suffix for suffix, _words, _kind in STANDARD)


def about(*, name: str, country: str, latitude: Decimal | None, longitude: Decimal | None, note: str) -> dict[str, Any]:
    """What a site's row says beside its code, checked. Refuses BadText, BadCountry, BadCoordinates."""
    if not _COUNTRY.fullmatch(country):
        raise BadCountry()
    for value, most in ((latitude, 90), (longitude, 180)):
        if (latitude is None) is not (longitude is None):
            raise BadCoordinates()
        if value is not None and (not value.is_finite() or abs(value) > most or -int(value.as_tuple().exponent) > 5):
            raise BadCoordinates()
    return {
        "name": edge.text(name, what=gettext_lazy("Name"), longest=120, required=True, field="name"),
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "note": edge.text(note, what=gettext_lazy("Note"), longest=300, field="note"),
    }


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
        if not _CODE.fullmatch(code):
            raise BadCode()
        if Site.objects.filter(code=code).exists():
            raise DuplicateCode(value=code)
        place = about(name=name, country=country, latitude=latitude, longitude=longitude, note=note)
        for suffix, _name in stores:
            if not SUFFIX.fullmatch(suffix) or suffix in TAKEN or [suffix for suffix, _ in stores].count(suffix) > 1:
                raise BadSuffix()
        site = Site.objects.create(code=code, **place)
        rows = [*((suffix, store, Place.STORE) for suffix, store in stores), *STANDARD]
        Location.objects.bulk_create(
            [
                Location(code=f"{code}-{suffix}", name=_named(words), site=site, kind=kind)
                for suffix, words, kind in rows
            ]
        )
        return {"site": code, "locations": len(rows)}

    return run(by, kind="inventory.open_site", request=body, act=act)


def _named(words: str) -> str:
    return edge.text(words, what=gettext_lazy("Name"), longest=120, required=True, field="stores")


def open_lane(*, by: By, origin: str, destination: str) -> Answer:
    """Open a transit lane: a location of the sending site whose lots the receiving site sees coming and can take out."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "sites.write")
        start, end = (_site(code) for code in (origin, destination))
        code = f"{origin}-TO-{destination}"
        if Location.objects.filter(code=code).exists():
            raise DuplicateCode(value=code)
        Location.objects.create(
            code=code, name=place_names.lane(end.name), site=start, kind=Place.TRANSIT, bound_for=end
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
            row["code"],
            place_names.spoken(row["name"]),
            row["site__code"],
            row["site__name"],
            row["kind"],
            row["bound_for__code"] or "",
        )
        for row in rows.values("code", "name", "site__code", "site__name", "kind", "bound_for__code")
    ]


def holding(user: User, *, site: str = "") -> list[LocationRow]:
    """Locations where lots can lie, that the person may see."""
    return locations(user, site=site, kinds=HOLDING)


def place_called(user: User, code: str) -> tuple[str, str] | None:
    """(site, place) of the one place called exactly so where lots can lie, if the person may see it. One query."""
    rows = Location.objects.visible_to(user).filter(code=code.upper(), kind__in=HOLDING)
    return rows.values_list("site__code", "code").first()


def names() -> list[tuple[str, str]]:
    """Code and name of every site, for who gives people their sites; one query."""
    return list(Site.objects.order_by("code").values_list("code", "name"))


def codes() -> dict[str, int]:
    """Site code -> id of every site, for doors that translate codes."""
    return dict(Site.objects.values_list("code", "id"))
