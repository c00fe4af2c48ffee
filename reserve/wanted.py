"""What the open flags want, material by material. Whoever sees a lot may know that it is wanted; figures stay with the flag."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from config.accounts.matrix import permits
from config.accounts.models import User
from inventory import lots, names
from reserve import severity


@dataclass(frozen=True)
class Wish:
    """An open flag that a material would serve; `site` is "" where it is wanted anywhere."""

    flag: int
    severity: str
    state: str
    name: str
    site: str

    @property
    def level(self) -> str:
        return severity.level(self.severity, waived=self.state == "waived")

    @property
    def text(self) -> str:
        return gettext("Waived") if self.state == "waived" else str(severity.NAMES[self.severity])


_WISHES = """
    SELECT material.code, flag.id, flag.severity, flag.state,
           coalesce(own.name, initcap(element.name) || ', ' || lower(form.name)), coalesce(site.code, '')
    FROM reserve_flag flag
    JOIN reserve_target target ON target.id = flag.target_id
    LEFT JOIN inventory_material own ON own.id = target.material_id
    LEFT JOIN inventory_element element ON element.id = target.element_id
    LEFT JOIN inventory_form form ON form.id = target.form_id
    LEFT JOIN inventory_site site ON site.id = target.site_id
    JOIN inventory_material material ON material.id = target.material_id
         OR (material.form_id = target.form_id AND EXISTS (
             SELECT 1 FROM inventory_materialelement me
             WHERE me.material_id = material.id AND me.element_id = target.element_id))
    WHERE flag.kind = 'shortfall' AND flag.state <> 'closed'
      AND (%(materials)s::text[] IS NULL OR material.code = ANY(%(materials)s))
    ORDER BY flag.id
"""


def by_material(*, materials: Iterable[str] | None = None) -> dict[str, list[Wish]]:
    """Material code -> the open flags it would serve, worst first; of all materials, or of some. One query."""
    found: dict[str, list[Wish]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_WISHES, {"materials": None if materials is None else list(materials)})
        for code, *columns in cursor.fetchall():
            flag, level, state, name, site = columns
            found[code].append(Wish(flag, level, state, names.spoken(name), site))
    for wishes in found.values():
        wishes.sort(key=lambda wish: severity.WORST_FIRST.index(wish.severity))
    return dict(found)


def at(wishes: Sequence[Wish], sites: Iterable[str]) -> list[Wish]:
    """Those of the wishes that hold at one of the sites, or anywhere."""
    here = set(sites)
    return [wish for wish in wishes if not wish.site or wish.site in here]


def below_target(user: User) -> Q:
    """The condition behind the lot list's filter: lots whose material, at their site, an open flag wants."""
    anywhere: set[str] = set()
    there: dict[str, set[str]] = defaultdict(set)
    for material, wishes in by_material().items():
        for wish in wishes:
            (there[wish.site] if wish.site else anywhere).add(material)
    found = Q(material__code__in=anywhere)
    for site, materials in there.items():
        found |= Q(material__code__in=materials - anywhere) & Q(lots.lying_at(user, site))
    return found


def marks(user: User, rows: Sequence[lots.LotRow]) -> Mapping[str, lots.Mark]:
    """One word for each wanted lot of a page: with severity and the way to the flag for those who may see it."""
    wishes = by_material(materials={row.material for row in rows}) if rows else {}
    sees = permits(user, "flags.see")
    found: dict[str, lots.Mark] = {}
    for row in rows:
        here = at(wishes.get(row.material, ()), row.sites)
        if here:
            found[row.number] = mark(here[0]) if sees else lots.Mark("warn", gettext("Wanted"))
    return found


def mark(wish: Wish) -> lots.Mark:
    return lots.Mark(
        wish.level,
        gettext("Short: {severity}").format(severity=str(severity.NAMES[wish.severity]).lower()),
        reverse("flag", args=[wish.flag]),
    )
