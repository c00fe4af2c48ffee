"""Where the mass of lots lies now, as far as a person may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from config.accounts.models import User
from inventory.models import Balance
from inventory.names import KINDS_OF_PLACE, spoken


@dataclass(frozen=True)
class Where:
    """Mass of a lot at one location, in mg. `bound_for` is the site that a transit lane leads to, or ""."""

    location: str
    location_name: str
    site: str
    site_name: str
    place: str
    bound_for: str
    net_mg: int
    allocated_mg: int

    @property
    def free_mg(self) -> int:
        return self.net_mg - self.allocated_mg

    @property
    def place_name(self) -> str:
        """The kind of place, in words."""
        return str(KINDS_OF_PLACE[self.place]).lower()


class Lying:
    """What a lot comes to over the places in `where`; masses in mg."""

    where: tuple[Where, ...]

    @property
    def net_mg(self) -> int:
        return sum(at.net_mg for at in self.where)

    @property
    def free_mg(self) -> int:
        return sum(at.free_mg for at in self.where)

    @property
    def location(self) -> str | None:
        """The location's code where the lot lies in one place, else None."""
        return self.where[0].location if len(self.where) == 1 else None

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(at.site for at in self.where))

    @property
    def reach(self) -> tuple[str, ...]:
        """Sites whose people have the lot in hand: where it lies, and where it is on its way to."""
        return tuple(dict.fromkeys(code for at in self.where for code in (at.site, at.bound_for) if code))


def of(user: User, lot_ids: Sequence[int]) -> dict[int, tuple[Where, ...]]:
    """Lot id -> where its mass lies, among the places that the person may see; one query."""
    lines: Iterable[tuple[Any, ...]] = (
        Balance.objects.visible_to(user)
        .filter(lot_id__in=lot_ids, net_mg__gt=0)
        .order_by("lot_id", "location__code")
        .values_list(
            "lot_id",
            "location__code",
            "location__name",
            "location__site__code",
            "location__site__name",
            "location__kind",
            "location__bound_for__code",
            "net_mg",
            "allocated_mg",
        )
    )
    found: dict[int, tuple[Where, ...]] = {}
    for lot_id, code, name, site, site_name, kind, bound_for, net_mg, allocated_mg in lines:
        where = Where(code, spoken(name), site, site_name, kind, bound_for or "", net_mg, allocated_mg)
        found[lot_id] = (*found.get(lot_id, ()), where)
    return found
