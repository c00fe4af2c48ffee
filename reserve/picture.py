"""What stands around one element and one of its forms: the past months, what changed and why, where it lies, who it came from.

Masses are mg of the contained element. Everything is scoped to the reader's sites; targets and suppliers are read for those
only who may see them.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from config.accounts.models import User
from config.ui import figures
from config.ui.map_chart import Spot
from inventory import catalogue, months, sites
from inventory.months import Bridge, MonthEnd
from procurement import origins
from procurement.origins import Concentration, Origin
from reserve import trend
from reserve.elements import ElementPage, FormRow

UNKNOWN = ""


@dataclass(frozen=True)
class Past:
    """The past months of one form: held and eligible at each month's end, and the level that was required."""

    points: list[MonthEnd]
    targets: list[tuple[date, int | None]]

    @property
    def eligible(self) -> list[tuple[date, int]]:
        return [(point.on, point.eligible_mg) for point in self.points]

    @property
    def held(self) -> list[tuple[date, int]]:
        return [(point.on, point.held_mg) for point in self.points]

    @property
    def target_mg(self) -> int | None:
        return self.targets[-1][1] if self.targets else None


@dataclass(frozen=True)
class Source:
    """One country of the suppliers who delivered what is held at a stage; "" where nobody is recorded."""

    country: str
    mass_mg: int
    share_pct: Decimal
    lots: int
    suppliers: int


@dataclass(frozen=True)
class StageSources:
    stage: str
    mass_mg: int
    sources: list[Source]


@dataclass(frozen=True)
class Sources:
    """Who delivered what is held, by stage, and how much hangs on how few."""

    stages: list[StageSources]
    concentration: Concentration | None


def past(*, user: User, page: ElementPage, form: FormRow, today: date) -> Past:
    """The past months of the form. Two queries, one for whoever may not see targets."""
    points = months.trend(user=user, element=page.symbol, form=form.code, today=today, only_compliant=_strict(form))
    levels = trend.levels(element=page.symbol, form=form.code, today=today) if page.sees_targets else []
    return Past(points, levels if any(mg for _on, mg in levels) else [])


def bridge(*, user: User, page: ElementPage, form: FormRow, today: date) -> Bridge:
    """What changed in what is eligible of the form since the last month ended. One query."""
    return months.bridge(user=user, element=page.symbol, form=form.code, today=today, only_compliant=_strict(form))


def _strict(form: FormRow) -> bool:
    return form.target is not None and form.target.only_compliant


def bridge_sentence(found: Bridge) -> str:
    """The bridge in one sentence: 'Up 12 t since 31 Oct 2026: accepted +14 t, issued −2 t.'"""
    change_mg, since = found.now_mg - found.start_mg, figures.day(found.since)
    parts = ", ".join(f"{cause.label.lower()} {_signed(cause.eligible_mg)}" for cause in found.causes)
    if not found.causes:
        return _("Nothing changed what is eligible since %(since)s.") % {"since": since}
    named = {"mass": figures.brief(abs(change_mg), figures.unit_for(abs(change_mg))), "since": since, "parts": parts}
    if not change_mg:
        return _("The same as on %(since)s, after changes that cancel out: %(parts)s.") % named
    if change_mg > 0:
        return _("Up %(mass)s since %(since)s: %(parts)s.") % named
    return _("Down %(mass)s since %(since)s: %(parts)s.") % named


def _signed(mg: int) -> str:
    """With its sign, in the unit in which it reads well: a sample of 30 g is not 0.00003 t."""
    return ("+" if mg > 0 else figures.MINUS) + figures.brief(abs(mg), figures.unit_for(abs(mg)))


def spots(*, user: User, page: ElementPage) -> tuple[list[Spot], list[str]]:
    """The sites that hold the element and have coordinates, for the map; and the names of those without. One query."""
    held = {row.site: sum(cell.contained_mg for cell in row.cells) for row in page.by_site}
    known = {row["code"]: row for row in sites.visible(user)}
    found, missing = [], []
    for code, mass_mg in held.items():
        site = known.get(code)
        if site is None or site["latitude"] is None or site["longitude"] is None:
            missing.append(site["name"] if site else code)
        else:
            found.append(Spot(site["name"], site["latitude"], site["longitude"], mass_mg))
    return found, missing


def sources(*, symbol: str) -> Sources:
    """Who delivered what is held of the element, by stage. Two queries; whoever calls has checked `orders.see`."""
    rows = origins.by_country(element=symbol)
    by_stage: dict[str, list[Origin]] = defaultdict(list)
    for row in rows:
        by_stage[row.stage].append(row)
    labels = dict(catalogue.STAGES)
    found = [_stage_sources(str(labels[stage]), by_stage[stage]) for stage in labels if stage in by_stage]
    return Sources(found, origins.concentration(rows))


def _stage_sources(label: str, rows: list[Origin]) -> StageSources:
    whole = sum(row.mass_mg for row in rows)
    ordered = sorted(rows, key=lambda row: (row.country == UNKNOWN, -row.mass_mg))
    found = [
        Source(row.country, row.mass_mg, Decimal(row.mass_mg * 1000 // whole) / 10, row.lots, row.suppliers)
        for row in ordered
    ]
    return StageSources(label, whole, found)


def concentration_sentence(found: Concentration | None) -> str:
    """The largest share and the HHI, said plainly; unknown stays unknown."""
    if found is None:
        return _("Nobody is recorded as having delivered what is held, so how much hangs on one country is unknown.")
    words = _(
        "Of what is known, %(share)s came from suppliers of %(country)s: as concentrated as if it came from %(alike)s "
        "countries in equal parts (HHI %(hhi)s of 10,000)."
    ) % {
        "share": figures.percent(found.share_pct),
        "country": found.country,
        "alike": figures.number(found.alike),
        "hhi": figures.number(found.hhi),
    }
    if found.alike == 1:
        words = _("All that is known came from suppliers of one country, %(country)s (HHI %(hhi)s of 10,000).") % {
            "country": found.country,
            "hhi": figures.number(found.hhi),
        }
    if found.known_pct < 100:
        unknown = figures.percent(Decimal(100) - found.known_pct)
        words += " " + _("Of %(unknown)s of what is held nobody is recorded.") % {"unknown": unknown}
    return words
