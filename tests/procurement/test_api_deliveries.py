"""/api/deliveries/ and receiving."""

from datetime import date
from typing import Any

import pytest

from inventory.models import Lot
from procurement.models import Delivered
from tests.procurement.market import Market
from tests.rest import Callers


def body(**given: Any) -> dict[str, Any]:
    asked = {"material": "nd-oxide", "site": "ANT", "location": "ANT-S1", "net_kg": "10", **given}
    return {name: value for name, value in asked.items() if value is not None}


def test_people_of_a_site_see_what_comes_there_without_prices(api: Callers, market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA"))
    (row,) = api.ana.get("deliveries/")["results"]
    assert row == {
        "id": market.of(number).pk,
        "order": number,
        "line": 1,
        "supplier": "Lynas Rare Earths",
        "material": "nd-oxide",
        "site": "ANT",
        "ordered_kg": "100",
        "received_kg": "0",
        "open_kg": "100",
        "most_kg": "100",
        "promised_on": "2026-12-01",
        "late": False,
    }
    assert [row["site"] for row in api.cem.get("deliveries/")["results"]] == ["BRA"]
    assert len(api.dee.get("deliveries/")["results"]) == 2
    assert api.ana.get("deliveries/", site="BRA")["results"] == []


def test_it_pages_and_filters(api: Callers, market: Market) -> None:
    market.placed(market.line("1"), market.line("2"), market.line("3"))
    first = api.ana.get("deliveries/", limit="2")
    assert [row["line"] for row in api.ana.get(first["next"])["results"]] == [3]
    assert api.ana.get("deliveries/", late="true")["results"] == []
    late = market.placed(market.line(promised_on=date(2026, 11, 1)))
    assert [row["order"] for row in api.ana.get("deliveries/", late="true")["results"]] == [late]


def test_it_receives_the_lot_once_a_key(api: Callers, market: Market) -> None:
    line = market.of(market.placed()).pk
    key = "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"
    first = api.ana.post(f"deliveries/{line}/receive/", body(supplier_lot="LY-1"), key=key)
    assert (first.status, first["condition"], first["net_kg"], first["supplier_lot"]) == (201, "J", "10", "LY-1")
    assert api.ana.post(f"deliveries/{line}/receive/", body(supplier_lot="LY-1"), key=key).body == first.body
    assert Lot.objects.count() == Delivered.objects.count() == 1
    assert api.ana.get("deliveries/")["results"][0]["open_kg"] == "90"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"net_kg": "100.000001"}, 422, "over_tolerance"),
        ({"material": "ndpr-oxide"}, 422, "wrong_material"),
        ({"location": "BRA-S1"}, 422, "wrong_site"),
        ({"site": "BRA"}, 422, "wrong_site"),
        ({"net_kg": "-1"}, 422, "invalid"),
        ({"net_kg": None, "net_quantity": "1", "net_unit": "flask"}, 422, "invalid"),
        ({"containers": [{}]}, 422, "not_supported_yet"),
        ({"occurred_at": "2030-01-01T00:00:00Z"}, 422, "in_the_future"),
    ],
)
def test_it_refuses_by_name(api: Callers, market: Market, given: dict[str, Any], status: int, code: str) -> None:
    line = market.of(market.placed()).pk
    answer = api.ana.post(f"deliveries/{line}/receive/", body(**given))
    assert (answer.status, answer["code"]) == (status, code)
    assert not Lot.objects.exists()


def test_over_tolerance_says_how_much_may_come(api: Callers, market: Market) -> None:
    line = market.of(market.placed()).pk
    facts = api.ana.post(f"deliveries/{line}/receive/", body(net_kg="101"))["facts"]
    assert (facts["ordered_kg"], facts["tolerance_pct"], facts["most_kg"], facts["asked_kg"]) == (
        "100",
        "0",
        "100",
        "101",
    )


def test_who_may(api: Callers, market: Market) -> None:
    line = market.of(market.placed()).pk
    for who, status in {"nobody": 401, "adm": 403, "aud": 200, "pia": 200, "cem": 200}.items():
        assert getattr(api, who).get("deliveries/").status == status
    for who, status in {"nobody": 401, "pia": 403, "dee": 403, "aud": 403, "cem": 404}.items():
        assert getattr(api, who).post(f"deliveries/{line}/receive/", body()).status == status
    assert api.ana.post(f"deliveries/{'9' * 30}/receive/", body()).status == 404
    assert api.ana.get(f"deliveries/{line}/receive/").status == 405
