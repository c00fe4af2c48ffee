"""Suppliers: who the reserve buys from."""

import re
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Stale
from inventory.sites import DuplicateCode
from procurement.models import Supplier
from procurement.refusals import BadCountry, BadSupplierCode, SupplierNotFound
from procurement.transitions import State

_CODE = re.compile(r"[A-Z0-9-]{2,16}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_BUSY = (State.DRAFT, State.SUBMITTED, State.APPROVED, State.PLACED, State.PART_RECEIVED)


@dataclass(frozen=True)
class SupplierRow:
    """A supplier; `orders_open` counts orders that are neither received nor cancelled."""

    code: str
    name: str
    country: str
    is_active: bool
    version: int
    orders_open: int


@dataclass(frozen=True)
class SupplierPage:
    """Up to `limit` suppliers by code; `after` and `before` are the codes to go on from, "" at an end."""

    rows: list[SupplierRow]
    before: str
    after: str


def add(*, by: By, code: str, name: str, country: str) -> Answer:
    """Add a supplier. Answers {"supplier"}. Refuses DuplicateCode, BadSupplierCode, BadCountry, BadText, NotAllowed."""
    body = {"code": code, "name": name, "country": country}
    return run(by, kind="procurement.add_supplier", request=body, act=lambda opened: _add(opened, code, name, country))


def edit(*, by: By, code: str, version: int, name: str, country: str, is_active: bool) -> Answer:
    """Change a supplier that nobody else has changed since `version`. Refuses SupplierNotFound, Stale and as `add`."""
    body = {"code": code, "version": version, "name": name, "country": country, "is_active": is_active}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "suppliers.write")
        row = Supplier.objects.visible_to(opened.actor).select_for_update().filter(code=code).first()
        if row is None:
            raise SupplierNotFound(supplier=code)
        if row.version != version:
            raise Stale(what=f"Supplier {code}")
        row.name, row.country = _name(name), _country(country)
        row.is_active, row.version = is_active, version + 1
        row.save()
        return {"supplier": code, "version": row.version}

    return run(by, kind="procurement.edit_supplier", request=body, act=act)


def _add(opened: Opened, code: str, name: str, country: str) -> Answer:
    require(opened.actor, "suppliers.write")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadSupplierCode(value=str(code)[:40])
    row = Supplier(code=code, name=_name(name), country=_country(country))
    if Supplier.objects.filter(code=code).exists():
        raise DuplicateCode(value=code)
    row.save()
    return {"supplier": row.code, "version": row.version}


def _name(name: str) -> str:
    return edge.text(name, what="Name", longest=120, required=True)


def _country(country: str) -> str:
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        raise BadCountry(value=str(country)[:40])
    return country


def one(user: User, code: str) -> SupplierRow:
    """One supplier. Raises SupplierNotFound. One query."""
    found = _read(Supplier.objects.visible_to(user).filter(code=code), 1)
    if not found:
        raise SupplierNotFound(supplier=code)
    return found[0]


def choices(user: User) -> list[tuple[str, str]]:
    """Code and name of the suppliers in use, by name."""
    return list(Supplier.objects.visible_to(user).filter(is_active=True).order_by("name").values_list("code", "name"))


def listing(
    user: User, *, search: str = "", active: bool | None = None, after: str = "", before: str = "", limit: int = 50
) -> SupplierPage:
    """A page of suppliers by code; `search` finds code or name. One query."""
    rows = Supplier.objects.visible_to(user)
    if search:
        rows = rows.filter(Q(code__istartswith=search) | Q(name__icontains=search))
    if active is not None:
        rows = rows.filter(is_active=active)
    if before:
        found = _read(rows.filter(code__lt=before).order_by("-code"), limit + 1)
        more = len(found) > limit
        shown = found[:limit][::-1]
        return SupplierPage(shown, shown[0].code if more and shown else "", shown[-1].code if shown else "")
    if after:
        rows = rows.filter(code__gt=after)
    found = _read(rows.order_by("code"), limit + 1)
    shown = found[:limit]
    return SupplierPage(shown, shown[0].code if after and shown else "", shown[-1].code if len(found) > limit else "")


def _read(rows: QuerySet[Supplier], most: int) -> list[SupplierRow]:
    counted = rows.annotate(orders_open=Count("orders", filter=Q(orders__state__in=_BUSY)))
    names = ("code", "name", "country", "is_active", "version", "orders_open")
    return [SupplierRow(**row) for row in counted.values(*names)[:most]]
