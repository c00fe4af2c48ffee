"""Materials as administrators keep them: added with fractions from a formula or by hand; later, only what is safe."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit.edge import BadText
from config.audit.refused import Stale
from inventory import catalogue
from inventory.models import Lot, Material
from tests.inventory.proof import once, refused
from tests.pages import People
from tests.world import MATERIALS, World

OXIDE = replace(MATERIALS[1], code="nd-oxide-5n", name="Neodymium oxide 99.999")
FORM: dict[str, Any] = {
    "code": "dy-oxide",
    "name": "Dysprosium oxide",
    "form": "oxide",
    "formula": "Dy2O3",
    "purity_pct": "99.5",
    "source": "Purchase specification 7",
    "unit": "kg",
    "basis": "net",
    "shelf_life_type": "II",
    "retest_months": "60",
}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "Nd Oxide"}, catalogue.BadMaterialCode),
        ({"code": "new"}, catalogue.BadMaterialCode),
        ({"form": "cheese"}, catalogue.UnknownForm),
        ({"unit": "stone"}, catalogue.BadChoice),
        ({"basis": "gross"}, catalogue.BadChoice),
        ({"shelf_life_type": "III"}, catalogue.BadChoice),
        ({"shelf_life_type": "I", "shelf_life_months": None}, catalogue.BadShelfLife),
        ({"retest_months": 601}, catalogue.BadShelfLife),
        ({"name": "n" * 10_000}, BadText),
    ],
)
def test_it_refuses_to_add(world: World, changes: dict[str, Any], refusal: Any) -> None:
    with refused(refusal):
        catalogue.add_material(by=world.by("adm"), material=replace(OXIDE, **changes))


def edit(world: World, *, who: str = "adm", **changes: Any) -> Any:
    row = Material.objects.get(code="nd-oxide")
    names = ("name", "grade", "hazard_class", "un_number", "shelf_life_months", "retest_months")
    given = {**{name: getattr(row, name) for name in names}, "seen": catalogue.stamp(row), **changes}
    return catalogue.edit_material(by=world.by(who), code="nd-oxide", **given)


def test_only_what_is_safe_changes_and_lots_keep_their_dates(world: World) -> None:
    lot = Lot.objects.get(number=world.stock("10"))
    row = Material.objects.get(code="nd-oxide")
    by, seen = world.by("adm"), catalogue.stamp(row)
    given: dict[str, Any] = {"grade": "5N", "hazard_class": "9", "un_number": "UN3077", "shelf_life_months": None}
    once(catalogue.edit_material, by=by, code="nd-oxide", name="Nd oxide 🧲", retest_months=24, seen=seen, **given)
    row.refresh_from_db()
    assert (row.name, row.retest_months, row.unit, row.formula) == ("Nd oxide 🧲", 24, "kg", "Nd2O3")
    assert Lot.objects.get(pk=lot.pk).retest_due_on == lot.retest_due_on
    with refused(Stale):
        edit(world, name="Again", seen=seen)
    with refused(catalogue.BadShelfLife):
        edit(world, retest_months=None)
    with refused(NotAllowed):
        edit(world, who="dee", name="Mine")


def test_fractions_come_from_the_formula_times_the_purity(people: People, world: World) -> None:
    assert people.adm.send("/materials/new/", **FORM).status_code == 303
    (line,) = catalogue.material("dy-oxide").elements
    pure = catalogue.formulas()["Dy2O3"]["Dy"]
    assert Decimal(line["fraction"]) == (pure * Decimal("0.995")).quantize(Decimal("1e-10"))
    assert (line["source"], line["dated_on"]) == ("Purchase specification 7", world.now.date())


def test_fractions_are_written_by_hand(people: People) -> None:
    by_hand = {"formula": "", "fractions": "Dy 80\nTb 5.25 %\n"}
    assert people.adm.send("/materials/new/", **{**FORM, **by_hand}).status_code == 303
    found = {line["symbol"]: line["fraction"] for line in catalogue.material("dy-oxide").elements}
    assert found == {"Dy": "0.8", "Tb": "0.0525"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fractions": "Dy eighty"}, "one element a line"),
        ({"fractions": "Qq 5"}, "Qq"),
        ({"fractions": "Dy 80\nTb 30"}, "110"),
        ({"code": "nd-oxide"}, "already used"),
        ({"source": ""}, "required"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(people: People, changes: dict[str, Any], words: str) -> None:
    answer = people.adm.send("/materials/new/", **{**FORM, **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Dysprosium oxide" in answer.content.decode()


def test_the_material_s_page_offers_it_to_administrators_alone(people: People) -> None:
    page = "/materials/nd-oxide/"
    assert f"{page}edit/" in people.adm.get(page)
    assert f"{page}edit/" not in people.dee.get(page)
    people.closed(f"{page}edit/", open_to={"adm"})
    answer = people.adm.send(f"{page}edit/", name="Nd oxide", unit="t", formula="NdO", form="metal")
    row = Material.objects.get(code="nd-oxide")
    assert (answer.status_code, row.name, row.unit, row.formula, row.form.code) == (
        303,
        "Nd oxide",
        "kg",
        "Nd2O3",
        "oxide",
    )
