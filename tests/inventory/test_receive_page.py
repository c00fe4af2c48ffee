"""The page on which a lot is received."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from inventory.models import Assay, Lot, Movement
from tests.pages import People, controls, text
from tests.world import World

GOOD: dict[str, Any] = {"material": "nd-oxide", "location": "ANT-S1", "quantity": "12.5", "unit": "kg"}


def refused(people: People, **changes: Any) -> str:
    """Send a form that is refused; what it then says."""
    answer = people.ana.send("/receive/", **{**GOOD, **changes})
    html = str(answer.content.decode())
    assert answer.status_code == 422, text(html)
    assert not Lot.objects.exists()
    return text(html)


def test_it_makes_a_lot_in_condition_j_with_everything_given(people: People, world: World) -> None:
    answer = people.ana.send(
        "/receive/",
        **{
            **GOOD,
            "material": "re-concentrate",
            "supplier_lot": "Ly-7731-B",
            "lot_number": "MY-1",
            "produced_on": "2026-10-01",
            "occurred_at": "2026-11-01T14:30",
            "moisture_pct": "8.25",
            "lab": "Lab A",
            "method": "ICP-OES",
            "sampled_on": "2026-10-30",
            "element_1": "Nd",
            "percent_1": "10.12345678",
            "element_3": "Pr",
            "percent_3": "0.5",
            "reason": "Two drums dented",
        },
    )
    assert answer["Location"] == "/lots/MY-1/"
    lot = Lot.objects.get()
    assert (lot.number, lot.condition, lot.supplier_lot, lot.received_by) == ("MY-1", "J", "Ly-7731-B", world.ana)
    assert lot.received_at == datetime(2026, 11, 1, 14, 30, tzinfo=UTC)
    assay = Assay.objects.get()
    assert assay.fractions == {"Nd": "0.1012345678", "Pr": "0.005"}
    assert (assay.moisture, assay.lab, assay.sampled_on) == (Decimal("0.0825"), "Lab A", date(2026, 10, 30))
    assert Movement.objects.get().reason == "Two drums dented"


def test_it_takes_the_next_number_and_the_catalogue_where_nothing_is_given(people: People, world: World) -> None:
    answer = people.ana.send("/receive/", **GOOD)
    lot = Lot.objects.get()
    assert answer["Location"] == f"/lots/{lot.number}/"
    assert lot.number.startswith("RE-26-")
    assert (lot.received_at, Assay.objects.get().source) == (world.now, "catalogue")


@pytest.mark.parametrize(
    ("quantity", "unit", "says"),
    [
        ("2", "short ton", "2 short ton (1,814.36948 kg)"),
        ("0.5", "t", "0.5 t (500 kg)"),
        ("12.500001", "kg", "12.500001 kg"),
    ],
)
def test_it_says_what_was_typed_and_the_kilograms(people: People, quantity: str, unit: str, says: str) -> None:
    answer = people.ana.send("/receive/", **{**GOOD, "quantity": quantity, "unit": unit})
    assert says in text(people.ana.get(answer["Location"]))


@pytest.mark.parametrize(
    ("quantity", "why"),
    [
        ("-1", "more than nothing"),
        ("0", "more than nothing"),
        ("NaN", "plain digits"),
        ("Infinity", "plain digits"),
        ("1e400", "plain digits"),
        ("1_000", "plain digits"),
        ("1,000", "plain digits"),
        ("١٢", "plain digits"),
        ("12.1234567", "finer than a milligram"),
        ("9" * 20, "9 million t"),
        ("", "required"),
    ],
)
def test_it_refuses_a_mass_that_is_none(people: People, quantity: str, why: str) -> None:
    assert why in refused(people, quantity=quantity)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"location": "BRA-S1"}, "There is no location BRA-S1 that you may use"),
        ({"location": "NO-SUCH"}, "There is no location NO-SUCH that you may use"),
        ({"location": "ANT-TRAN"}, "is a transit location"),
        ({"material": "unobtainium"}, "There is no material unobtainium"),
        ({"unit": "mtu"}, "not one of the available choices"),
        ({"unit": "flask"}, "a flask holds mercury only"),
        ({"occurred_at": "2026-11-02T09:06"}, "lies in the future"),
        ({"occurred_at": "soon"}, "is not a moment"),
        ({"produced_on": "31.10.2026"}, "write the day like 2026-11-24"),
        ({"moisture_pct": "8"}, "bears no moisture"),
        ({"element_1": "Nd", "percent_1": "100.1"}, "between 0 and 100"),
        ({"element_1": "Nd", "percent_1": "0"}, "must be above 0"),
        ({"element_1": "Nd", "percent_1": "60", "element_2": "Pr", "percent_2": "50"}, "add up to 110 %"),
        ({"element_1": "Nd", "percent_1": "1", "element_2": "Nd", "percent_2": "1"}, "Nd stands in two lines"),
        ({"percent_2": "5"}, "which element"),
        ({"element_1": "Nd", "percent_1": "1.123456789"}, "at most 8 decimals"),
        ({"lab": "Lab A"}, "at least one element"),
        ({"supplier_lot": "a\u202eb"}, "characters that cannot be shown"),
        ({"lot_number": "x" * 41}, "at most 40 characters"),
        ({"lot_number": "a/b"}, "use no slash"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(people: People, changes: dict[str, Any], says: str) -> None:
    assert says in refused(people, **changes)


def test_it_refuses_a_number_that_is_taken_in_any_case(people: People, world: World) -> None:
    world.receive("1", lot_number="AB-1")
    answer = people.ana.send("/receive/", **{**GOOD, "lot_number": "ａb-1"})
    assert answer.status_code == 422
    assert "already a lot" in text(answer.content.decode())
    assert Lot.objects.count() == 1


def test_it_offers_places_of_the_person_s_own_sites_only(people: People) -> None:
    html = people.ana.get("/receive/")
    assert "ANT-S1" in html
    assert "ANT-QUAR" in html
    assert "BRA-S1" not in html
    assert "ANT-TRAN" not in html


def test_it_is_filled_in_from_its_address(people: People) -> None:
    html = people.ana.get("/receive/", {"material": "ndfeb-block", "location": "ANT-S2"})
    assert '<option value="ndfeb-block" selected>' in html
    assert '<option value="ANT-S2" selected>' in html


def test_a_wedge_scanner_may_fill_the_numbers_in(people: People) -> None:
    html = people.ana.get("/receive/")
    for name in ("supplier_lot", "lot_number"):
        field = html.split(f'name="{name}"')[1].split(">")[0]
        assert "data-scan" in field


def test_text_comes_back_as_text(people: People) -> None:
    answer = people.ana.send("/receive/", **{**GOOD, "quantity": "x", "reason": "</textarea><script>alert(1)</script>"})
    html = answer.content.decode()
    assert "<script>alert" not in html
    assert controls(html, "/receive/")["reason"] == "</textarea><script>alert(1)</script>"
