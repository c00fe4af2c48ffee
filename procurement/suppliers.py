"""Suppliers: who the reserve buys from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge, keyset
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


BY_CODE = keyset.Order("code", "code", str)


def add(*, by: By, code: str, name: str, country: str) -> Answer:
    """Add a supplier. Answers {"supplier"}. Refuses DuplicateCode, BadSupplierCode, BadCountry, BadText, NotAllowed."""
    body = {"code": code, "name": name, "country": country}
    return run(by, kind="procurement.add_supplier", request=body, act=lambda opened: _add(opened, code, name, country))


def edit(*, by: By, code: str, version: int, name: str, country: str, is_active: bool) -> Answer:
    """Change a supplier that nobody else has changed since `version`. Refuses SupplierNotFound, Stale and as `add`."""
    body = {"code": code, "version": version, "name": name, "country": country, "is_active": is_active}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "suppliers.write")
        row = Supplier.objects.select_for_update().get(pk=found(opened.actor, code).pk)
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
    return edge.text(name, what=_("Name"), longest=120, required=True)


def _country(country: str) -> str:
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        raise BadCountry(value=str(country)[:40])
    return country


def found(user: User, code: str) -> Supplier:
    """The supplier of this code. Raises SupplierNotFound; no database is asked for what cannot be a code."""
    row = Supplier.objects.visible_to(user).filter(code=code).first() if _CODE.fullmatch(code) else None
    if row is None:
        raise SupplierNotFound(supplier=ascii(code[:16]))
    return row


def one(user: User, code: str) -> SupplierRow:
    """One supplier. Raises SupplierNotFound. One query."""
    rows = _read(_counted(Supplier.objects.visible_to(user).filter(code=code))) if _CODE.fullmatch(code) else []
    if not rows:
        raise SupplierNotFound(supplier=ascii(code[:16]))
    return rows[0]


def choices(user: User, *, active: bool | None = True, also: str = "") -> list[tuple[str, str]]:
    """Code and name of the suppliers in use (or out of it, or all), by name; `also` keeps one more. One query."""
    rows = Supplier.objects.visible_to(user)
    if active is not None:
        rows = rows.filter(Q(is_active=active) | Q(code=also))
    return list(rows.order_by("name").values_list("code", "name"))


def names(user: User) -> list[tuple[str, str, str]]:
    """Code, name and country of all suppliers, by name. One query."""
    return list(Supplier.objects.visible_to(user).order_by("name").values_list("code", "name", "country"))


def listing(
    user: User, *, search: str = "", active: bool | None = None, cursor: str = "", size: int = keyset.SIZE
) -> keyset.Page[SupplierRow]:
    """A page of suppliers by code; `search` finds code or name. Two queries. Raises keyset.BadCursor."""
    rows = Supplier.objects.visible_to(user)
    if search:
        rows = rows.filter(Q(code__istartswith=search) | Q(name__icontains=search))
    if active is not None:
        rows = rows.filter(is_active=active)
    return keyset.page(_counted(rows), order=BY_CODE, cursor=cursor, size=size, read=_read)


def _counted(rows: QuerySet[Supplier]) -> Any:
    counted = rows.annotate(orders_open=Count("orders", filter=Q(orders__state__in=_BUSY)))
    return counted.values("id", "code", "name", "country", "is_active", "version", "orders_open")


def _read(rows: Iterable[dict[str, Any]]) -> list[SupplierRow]:
    return [SupplierRow(**{name: value for name, value in row.items() if name != "id"}) for row in rows]
