"""'Order this': the address of a new order filled in with what a target still needs."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from urllib.parse import urlencode

from django.urls import reverse

from config.accounts.matrix import permits
from config.accounts.models import User
from inventory import catalogue
from reserve.shortfall import ShortfallRow

KILOGRAM = 10**6


def links(*, user: User, rows: Iterable[ShortfallRow]) -> dict[int, str]:
    """Target -> address of a new order for what is short beyond what is on order; {} for who may not order. Two queries.

    An element in a form is ordered as the material of that form that holds most of it; net mass is rounded up to a kg.
    """
    short = [row for row in rows if row.short_mg]
    if not short or not permits(user, "orders.write"):
        return {}
    richest = _richest()
    found = {}
    for row in short:
        material, fraction = (
            (row.material, Decimal(1)) if row.material else richest.get((row.element, row.form), ("", Decimal(1)))
        )
        needed_mg = max(row.short_mg - (row.on_order_mg or 0), 0) or row.short_mg
        given = {
            "flag": str(row.flag.id) if row.flag else "",
            "material": material,
            "net_kg": _kilograms(needed_mg, fraction) if material else "",
            "site": row.site,
        }
        found[row.target] = (
            f"{reverse('order-new')}?{urlencode({name: value for name, value in given.items() if value})}"
        )
    return found


def _richest() -> dict[tuple[str, str], tuple[str, Decimal]]:
    """(element, form) -> the material that holds most of it, and its fraction."""
    found: dict[tuple[str, str], tuple[str, Decimal]] = {}
    for material in catalogue.materials():
        for element in material.elements:
            key, fraction = (element["symbol"], material.form), Decimal(element["fraction"])
            if key not in found or fraction > found[key][1]:
                found[key] = (material.code, fraction)
    return found


def _kilograms(contained_mg: int, fraction: Decimal) -> str:
    return str((Decimal(contained_mg) / fraction / KILOGRAM).to_integral_value(rounding=ROUND_CEILING))
