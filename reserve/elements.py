"""The element page: what is held of an element along its chain, against what targets, where, and what is coming.

Masses are mg of the contained element unless a name says net. Stock is scoped to the reader's sites; targets, flags and
orders are read for those only who may see them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy, ngettext

from config.accounts.matrix import permits, require
from config.accounts.models import User
from config.audit.refused import Refused
from config.ui import figures
from inventory import catalogue, names, positions
from reserve import shortfall, wanted
from reserve.shortfall import ShortfallRow

GROUPS = {
    "LREE": gettext_lazy("light rare earth"),
    "HREE": gettext_lazy("heavy rare earth"),
    "SC": gettext_lazy("rare earth"),
}
STAGES = tuple(stage for stage, _ in catalogue.STAGES)


class ElementNotFound(Refused):
    code = "not_found"
    status = 404
    template = gettext_lazy("There is no element {symbol}.")
    field = "element"


@dataclass(frozen=True)
class FormRow:
    """One form along the chain: held anywhere, eligible today, and the whole-reserve target for it, if there is one."""

    code: str
    name: str
    stage: str
    held_mg: int
    eligible_mg: int
    target: ShortfallRow | None
    short: bool


class Cell(NamedTuple):
    """What a site holds in one form: net mass of the materials, and contained mass of the element."""

    form: str
    net_mg: int
    contained_mg: int


@dataclass(frozen=True)
class SiteRow:
    """What one site holds, a cell for each form of the page."""

    site: str
    cells: list[Cell]


@dataclass(frozen=True)
class ElementRow:
    """An element of the list: held by stage, and how its targets stand (None where the reader may not see them)."""

    symbol: str
    name: str
    group: str
    held_mg: dict[str, int]
    unit: str
    targets: int | None
    short: int | None
    worst: ShortfallRow | None

    @property
    def by_stage(self) -> list[tuple[str, int]]:
        return [(stage, self.held_mg.get(stage, 0)) for stage in STAGES]


@dataclass(frozen=True)
class ElementPage:
    symbol: str
    name: str
    group: str
    unit: str
    forms: list[FormRow]
    by_site: list[SiteRow]
    materials: list[str]
    sees_targets: bool
    targets: list[ShortfallRow] = field(default_factory=list)

    @property
    def held_forms(self) -> list[FormRow]:
        return [form for form in self.forms if form.held_mg]

    @property
    def short_targets(self) -> list[ShortfallRow]:
        return [row for row in self.targets if row.short_mg]


def one(*, user: User, symbol: str, today: date) -> ElementPage:
    """An element as the person may see it, today; eight queries, one fewer without targets. Raises ElementNotFound."""
    require(user, "positions.see")
    found = next((row for row in catalogue.elements() if row["symbol"] == symbol), None)
    if found is None:
        raise ElementNotFound(symbol=symbol)
    held = positions.rows(user=user, element=symbol)
    materials = [row.code for row in catalogue.materials(element=symbol)]
    sees = permits(user, "targets.see")
    targets = [row for row in shortfall.rows(as_of=today) if _about(row, symbol, set(materials))] if sees else []
    eligible = positions.eligible(user=user, element=symbol, as_of=today)
    known = catalogue.forms()
    forms = _forms(known, held, eligible, targets, symbol)
    return ElementPage(
        symbol=symbol,
        name=names.capital(found["name"]),
        group=str(GROUPS.get(found["group"], found["group"])),
        unit=figures.unit_for(max((max(form.held_mg, _required(form)) for form in forms), default=0)),
        forms=forms,
        by_site=_by_site(forms, held, symbol),
        materials=materials,
        sees_targets=sees,
        targets=targets,
    )


def _about(row: ShortfallRow, symbol: str, materials: set[str]) -> bool:
    return row.element == symbol or row.material in materials


def _required(form: FormRow) -> int:
    return form.target.required_mg if form.target else 0


def _forms(
    known: list[dict[str, Any]],
    held: list[positions.PositionRow],
    eligible: dict[str, int],
    targets: list[ShortfallRow],
    symbol: str,
) -> list[FormRow]:
    """Forms that hold the element or are targeted for it, along the chain."""
    masses: dict[str, int] = defaultdict(int)
    for row in held:
        masses[row.form] += row.contained.get(symbol, 0)
    by_form = {row.form: row for row in targets if row.element == symbol and not row.site}
    short = {row.form for row in targets if row.short_mg}
    return [
        FormRow(
            form["code"],
            form["name"],
            form["stage"],
            masses.get(form["code"], 0),
            eligible.get(form["code"], 0),
            by_form.get(form["code"]),
            form["code"] in short,
        )
        for form in known
        if masses.get(form["code"]) or form["code"] in {row.form for row in targets}
    ]


def _by_site(forms: list[FormRow], held: list[positions.PositionRow], symbol: str) -> list[SiteRow]:
    masses: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in held:
        sums = masses[row.site][row.form]
        sums[0] += row.net_mg
        sums[1] += row.contained.get(symbol, 0)
    held_forms = [form for form in forms if form.held_mg]
    return [
        SiteRow(site, [Cell(form.name, *by_form[form.code]) for form in held_forms])
        for site, by_form in sorted(masses.items())
    ]


def listing(*, user: User, today: date) -> list[ElementRow]:
    """Elements that are held or targeted, by name. Six queries, five without targets."""
    require(user, "positions.see")
    sees = permits(user, "targets.see")
    held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in positions.rows(user=user):
        for symbol, mass_mg in row.contained.items():
            held[symbol][row.stage] += mass_mg
    counted = {material.code: [e["symbol"] for e in material.elements] for material in catalogue.materials()}
    targets: dict[str, list[ShortfallRow]] = defaultdict(list)
    for target in shortfall.rows(as_of=today) if sees else []:
        for symbol in [target.element] if target.element else counted.get(target.material, []):
            targets[symbol].append(target)
    return sorted(
        (
            ElementRow(
                symbol=row["symbol"],
                name=names.capital(row["name"]),
                group=str(GROUPS.get(row["group"], row["group"])),
                held_mg=dict(held.get(row["symbol"], {})),
                unit=figures.unit_for(max(held.get(row["symbol"], {0: 0}).values(), default=0)),
                targets=len(targets[row["symbol"]]) if sees else None,
                short=sum(target.short_mg > 0 for target in targets[row["symbol"]]) if sees else None,
                worst=min(targets[row["symbol"]], key=lambda target: target.cover_pct, default=None),
            )
            for row in catalogue.elements()
            if row["symbol"] in held or targets.get(row["symbol"])
        ),
        key=lambda row: row.name,
    )


def is_wanted(*, user: User, page: ElementPage) -> bool:
    """Whether an open flag wants some material of the element at the person's sites: all that they may know. One query."""
    wishes = wanted.by_material(materials=page.materials)
    return any(wanted.at(found, user.site_codes) for found in wishes.values())


# ---- in plain words ------------------------------------------------------------------------------------------------


def held_sentence(page: ElementPage) -> str:
    """What is held, in plain words: '418 t of neodymium held as oxide, 58 t as magnet block'."""
    held = page.held_forms
    name = names.lower(page.name)
    if not held:
        return gettext("No {element} is held").format(element=name)
    shown = sorted(held, key=lambda form: (form.target is None, -form.held_mg))[:4] if len(held) > 5 else held
    words = [
        (gettext("{mass} of {element} held as {form}") if not index else gettext("{mass} as {form}")).format(
            mass=figures.brief(form.held_mg, page.unit), element=name, form=names.lower(form.name)
        )
        for index, form in enumerate(form for form in held if form in shown)
    ]
    rest = sum(form.held_mg for form in held if form not in shown)
    if rest:
        words.append(gettext("{mass} in other forms").format(mass=figures.brief(rest, page.unit)))
    return ", ".join(words)


def short_sentence(page: ElementPage) -> str:
    """How the targets stand, in plain words; "" for whoever may not see them."""
    if not page.sees_targets:
        return ""
    if not page.targets:
        return gettext("no target is set")
    short = sorted(page.short_targets, key=lambda row: row.element != page.symbol)
    if not short:
        return gettext("every target is met")
    words = [
        gettext("the {subject} target is short by {mass}").format(
            subject=_subject(row), mass=figures.brief(row.short_mg, figures.overview(row.unit))
        )
        for row in short[:2]
    ]
    rest = len(short) - 2
    if rest > 0:
        words.append(ngettext("{count} more is short", "{count} more are short", rest).format(count=rest))
    return ", ".join(words)


def _subject(row: ShortfallRow) -> str:
    name = row.name if row.material else row.name.rpartition(", ")[2]
    return f"{name} ({row.site})" if row.site else name
