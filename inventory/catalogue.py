"""The catalogue: elements, forms and materials, and how a material is added."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from config.accounts.matrix import require
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused, Stale
from inventory import fractions, units
from inventory.ledger.receipts import check_fractions
from inventory.ledger.refusals import MaterialNotFound
from inventory.models import Element, Form, Material, MaterialElement, Stage
from inventory.names import spoken
from inventory.sites import DuplicateCode

# Stages of the chain from mine to magnet, in its order: value and name.
STAGES: tuple[tuple[str, str | Promise], ...] = tuple((stage.value, stage.label) for stage in Stage)


BASES: list[tuple[str, str | Promise]] = [(choice.value, choice.label) for choice in Material.Basis]
SHELF_LIVES: list[tuple[str, str | Promise]] = [(choice.value, choice.label) for choice in Material.ShelfLife]
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,47}", re.ASCII)
RESERVED = frozenset({"new"})  # an address under /materials/
LONGEST = {"name": 120, "grade": 64, "formula": 64, "hazard_class": 16, "un_number": 8, "source": 300}
MOST_MONTHS = 600


class BadMaterialCode(Refused):
    code = "bad_code"
    status = 422
    template = gettext_lazy("Write the code with 2 to 48 small letters, digits and hyphens, like nd-oxide. It stays.")
    field = "code"


class UnknownForm(Refused):
    code = "unknown_form"
    status = 422
    template = gettext_lazy("There is no form {form}.")
    field = "form"


class BadChoice(Refused):
    code = "bad_choice"
    status = 422
    template = gettext_lazy("There is no {what} {value}.")


class BadShelfLife(Refused):
    code = "bad_shelf_life"
    status = 422
    template = gettext_lazy("{why}")
    field = "shelf_life_months"


@dataclass(frozen=True, kw_only=True)
class MaterialIn:
    """A material to add; `fractions` maps symbol to mass fraction of dry mass, frozen with `source` and `dated_on`."""

    code: str
    name: str
    form: str
    fractions: dict[str, Decimal]
    source: str
    dated_on: date
    grade: str = ""
    formula: str = ""
    unit: str = "kg"
    basis: str = "net"
    shelf_life_type: str = "none"
    shelf_life_months: int | None = None
    retest_months: int | None = None
    hazard_class: str = ""
    un_number: str = ""
    moisture_bearing: bool = False
    assay_required: bool = False


@dataclass(frozen=True)
class MaterialRow:
    code: str
    name: str
    form: str
    form_name: str
    stage: str
    grade: str
    formula: str
    unit: str
    basis: str
    shelf_life_type: str
    retest_months: int | None
    hazard_class: str
    moisture_bearing: bool
    assay_required: bool
    shelf_life_months: int | None
    un_number: str
    elements: list[dict[str, Any]] = field(default_factory=list)


def add_material(*, by: By, material: MaterialIn) -> Answer:
    """Add a material. Refuses DuplicateCode, UnknownElement, BadFraction, TooMuchContained, NotAllowed."""
    body = {
        **{name: value for name, value in vars(material).items() if name not in {"fractions", "dated_on"}},
        "fractions": {symbol: str(value) for symbol, value in material.fractions.items()},
        "dated_on": str(material.dated_on),
    }
    return run(by, kind="inventory.add_material", request=body, act=lambda opened: _add(opened, material))


def _add(opened: Opened, given: MaterialIn) -> Answer:
    require(opened.actor, "catalogue.write")
    _check(given)
    if Material.objects.filter(code=given.code).exists():
        raise DuplicateCode(value=given.code)
    parts = check_fractions(given.fractions)
    form = Form.objects.filter(code=given.form).first()
    if form is None:
        raise UnknownForm(form=given.form[:64])
    columns = {name: value for name, value in vars(given).items() if name not in {"form", "fractions", "dated_on"}}
    row = Material.objects.create(form=form, **columns)
    elements = dict(Element.objects.filter(symbol__in=parts).values_list("symbol", "id"))
    MaterialElement.objects.bulk_create(
        [
            MaterialElement(
                material=row, element_id=elements[symbol], fraction=value, source=given.source, dated_on=given.dated_on
            )
            for symbol, value in parts.items()
        ]
    )
    return {"material": row.code}


def edit_material(
    *,
    by: By,
    code: str,
    name: str,
    grade: str,
    hazard_class: str,
    un_number: str,
    shelf_life_months: int | None,
    retest_months: int | None,
    seen: str,
) -> Answer:
    """Change what is safe to change once lots of it exist: words, and the intervals of lots received from now on.

    Form, formula, fractions, unit, basis and type of shelf life are frozen: another of those is another material.
    Refuses MaterialNotFound, Stale, BadText, BadShelfLife.
    """
    words = {"name": name, "grade": grade, "hazard_class": hazard_class, "un_number": un_number}
    months = {"shelf_life_months": shelf_life_months, "retest_months": retest_months}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "catalogue.write")
        row = Material.objects.select_for_update().filter(code=code).first()
        if row is None:
            raise MaterialNotFound(material=code)
        if stamp(row) != seen:
            raise Stale(what=row.name)
        _check_months(row.shelf_life_type, shelf_life_months, retest_months)
        for column, value in {**_clean(words), **months}.items():
            setattr(row, column, value)
        row.save()
        return {"material": code}

    body = {**words, **months, "material": code, "seen": seen}
    return run(by, kind="inventory.edit_material", request=body, act=act)


def stamp(row: Any) -> str:
    """Changes with whatever `edit_material` writes."""
    columns = ("name", "grade", "hazard_class", "un_number", "shelf_life_months", "retest_months")
    return hashlib.sha256("\n".join(str(getattr(row, name)) for name in columns).encode()).hexdigest()[:16]


def formulas() -> dict[str, dict[str, Decimal]]:
    """Formula -> mass fraction of each element in the pure compound, of those that are frozen."""
    found: dict[str, dict[str, Decimal]] = {}
    for (symbol, formula), row in fractions.frozen().items():
        found.setdefault(formula, {})[symbol] = row.fraction
    return found


def _check(given: MaterialIn) -> None:
    """Refuse what no row of a material may say."""
    if not _CODE.fullmatch(given.code) or given.code in RESERVED:
        raise BadMaterialCode()
    _clean({name: getattr(given, name) for name in LONGEST})
    if given.unit not in units.UNITS:
        raise BadChoice(what="unit", value=given.unit[:32]).at("unit")
    if given.basis not in Material.Basis.values:
        raise BadChoice(what="basis", value=given.basis[:32]).at("basis")
    if given.shelf_life_type not in Material.ShelfLife.values:
        raise BadChoice(what=gettext_lazy("type of shelf life"), value=given.shelf_life_type[:32]).at("shelf_life_type")
    _check_months(given.shelf_life_type, given.shelf_life_months, given.retest_months)


def _clean(words: dict[str, str]) -> dict[str, str]:
    return {
        name: edge.text(value, what=name.replace("_", " "), longest=LONGEST[name], required=name == "name", field=name)
        for name, value in words.items()
    }


def _check_months(shelf_life: str, months: int | None, retest: int | None) -> None:
    for field_name, value in (("shelf_life_months", months), ("retest_months", retest)):
        if value is not None and not 1 <= value <= MOST_MONTHS:
            raise BadShelfLife(
                why=format_lazy(gettext_lazy("Give 1 to {most_months} months."), most_months=MOST_MONTHS)
            ).at(field_name)
    if shelf_life == Material.ShelfLife.TYPE_I and months is None:
        raise BadShelfLife(why=gettext_lazy("What expires needs the months after which it does.")).at(
            "shelf_life_months"
        )
    if shelf_life == Material.ShelfLife.TYPE_II and retest is None:
        raise BadShelfLife(why=gettext_lazy("What is retested needs the months between tests.")).at("retest_months")


def elements() -> list[dict[str, Any]]:
    """Every element: symbol, name (in the language spoken), group, on_2022_list, on_2025_list."""
    rows = Element.objects.order_by("symbol")
    columns = ("id", "symbol", "name", "group", "on_2022_list", "on_2025_list", "source")
    return [{**row, "name": spoken(row["name"])} for row in rows.values(*columns)]


def forms() -> list[dict[str, Any]]:
    """Every form along the chain: id, code, name (in the language spoken), stage, rank."""
    rows = Form.objects.order_by("rank").values("id", "code", "name", "stage", "rank")
    return [{**row, "name": spoken(row["name"])} for row in rows]


def names() -> list[tuple[str, str, str, str]]:
    """Code, name, form's name and formula of every material, by code; one query, for looking one up while one types."""
    rows = Material.objects.order_by("code").values_list("code", "name", "form__name", "formula")
    return [(code, name, spoken(form), formula) for code, name, form, formula in rows]


def materials(*, element: str = "", form: str = "") -> list[MaterialRow]:
    """Materials by code, with their elements' frozen fractions as decimal strings; two queries."""
    rows = Material.objects.select_related("form").order_by("code")
    if element:
        rows = rows.filter(elements__element__symbol=element)
    if form:
        rows = rows.filter(form__code=form)
    found = {
        row.pk: MaterialRow(
            code=row.code,
            name=row.name,
            form=row.form.code,
            form_name=spoken(row.form.name),
            stage=row.form.stage,
            grade=row.grade,
            formula=row.formula,
            unit=row.unit,
            basis=row.basis,
            shelf_life_type=row.shelf_life_type,
            retest_months=row.retest_months,
            hazard_class=row.hazard_class,
            moisture_bearing=row.moisture_bearing,
            assay_required=row.assay_required,
            shelf_life_months=row.shelf_life_months,
            un_number=row.un_number,
        )
        for row in rows
    }
    lines = MaterialElement.objects.filter(material__in=found).order_by("-fraction")
    columns = ("material_id", "element__symbol", "fraction", "source", "dated_on")
    for material_id, symbol, fraction, source, dated_on in lines.values_list(*columns):
        line = {"symbol": symbol, "fraction": edge.plain(fraction), "source": source, "dated_on": dated_on}
        found[material_id].elements.append(line)
    return list(found.values())


def material(code: str) -> MaterialRow:
    """One material. Raises MaterialNotFound."""
    for row in materials():
        if row.code == code:
            return row
    raise MaterialNotFound(material=code)


def ids() -> dict[str, dict[str, int]]:
    """Ids by code of materials, elements and forms, for doors of other apps that translate codes."""
    return {
        "material": dict(Material.objects.values_list("code", "id")),
        "element": dict(Element.objects.values_list("symbol", "id")),
        "form": dict(Form.objects.values_list("code", "id")),
    }
