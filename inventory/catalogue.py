"""The catalogue: elements, forms and materials, and how a material is added."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from config.accounts.matrix import require
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory.ledger.receipts import check_fractions
from inventory.ledger.refusals import MaterialNotFound
from inventory.models import Element, Form, Material, MaterialElement, Stage
from inventory.sites import DuplicateCode

# Stages of the chain from mine to magnet, in its order: value and name.
STAGES: tuple[tuple[str, str], ...] = tuple((stage.value, stage.label) for stage in Stage)


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
    if Material.objects.filter(code=given.code).exists():
        raise DuplicateCode(value=given.code)
    fractions = check_fractions(given.fractions)
    form = Form.objects.get(code=given.form)
    columns = {name: value for name, value in vars(given).items() if name not in {"form", "fractions", "dated_on"}}
    row = Material.objects.create(form=form, **columns)
    elements = dict(Element.objects.filter(symbol__in=fractions).values_list("symbol", "id"))
    MaterialElement.objects.bulk_create(
        [
            MaterialElement(
                material=row, element_id=elements[symbol], fraction=value, source=given.source, dated_on=given.dated_on
            )
            for symbol, value in fractions.items()
        ]
    )
    return {"material": row.code}


def elements() -> list[dict[str, Any]]:
    """Every element: symbol, name, group, on_2022_list, on_2025_list."""
    rows = Element.objects.order_by("symbol")
    return [{**row} for row in rows.values("id", "symbol", "name", "group", "on_2022_list", "on_2025_list", "source")]


def forms() -> list[dict[str, Any]]:
    """Every form along the chain: id, code, name, stage, rank."""
    return [{**row} for row in Form.objects.order_by("rank").values("id", "code", "name", "stage", "rank")]


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
            form_name=row.form.name,
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
        )
        for row in rows
    }
    fractions = MaterialElement.objects.filter(material__in=found).order_by("-fraction")
    columns = ("material_id", "element__symbol", "fraction", "source", "dated_on")
    for material_id, symbol, fraction, source, dated_on in fractions.values_list(*columns):
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
