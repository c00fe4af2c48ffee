"""/api/orders/ and its acts."""

from datetime import date
from typing import Any

import pytest

from config.audit.models import Command
from procurement.models import Order
from tests.procurement.market import Market
from tests.rest import Callers

LINE = {
    "material": "nd-oxide",
    "site": "ANT",
    "ordered_kg": "100.5",
    "price_per_kg": "62.5",
    "tolerance_pct": "2.5",
    "promised_on": "2026-12-01",
}
ORDER: dict[str, Any] = {"supplier": "LYNAS", "currency": "EUR", "note": "Two lorries", "flag": 7, "lines": [LINE]}


def test_it_lives_from_draft_to_received(api: Callers, market: Market) -> None:
    made = api.pia.post("orders/", ORDER)
    assert made.status == 201
    number = made["number"]
    assert (made["state"], made["flag"], made["value"], made["acts"]) == (
        "draft",
        7,
        "6281.25",
        ["edit", "submit", "cancel"],
    )
    assert made["lines"][0] | {"id": 0} == {
        "id": 0,
        "line": 1,
        **LINE,
        "ordered_quantity": "100.5",
        "ordered_unit": "kg",
        "received_kg": "0",
        "cancelled_kg": "0",
        "open_kg": "0",
        "late": False,
        "value": "6281.25",
        "deliveries": [],
    }
    assert api.pia.post(f"orders/{number}/submit/", {"version": 1})["state"] == "submitted"
    assert api.dee.post(f"orders/{number}/approve/", {})["approved_by"] == "Dee"
    placed = api.pia.post(f"orders/{number}/place/", {})
    assert (placed["state"], placed["lines"][0]["open_kg"]) == ("placed", "100.5")
    line = placed["lines"][0]["id"]
    body = {"material": "nd-oxide", "location": "ANT-S1", "net_kg": "60"}
    lot = api.ana.post(f"deliveries/{line}/receive/", body)
    assert lot.status == 201
    after = api.aud.get(f"orders/{number}/")
    assert (after["state"], after["acts"]) == ("part received", [])
    assert [(row["lot"], row["net_kg"]) for row in after["lines"][0]["deliveries"]] == [(lot["number"], "60")]
    api.ana.post(f"deliveries/{line}/receive/", {**body, "net_kg": "40.5"})
    assert api.dee.get(f"orders/{number}/")["state"] == "received"
    assert [event["what"] for event in api.dee.get(f"orders/{number}/")["events"]][:3] == [
        "receive",
        "receive",
        "place",
    ]


def test_it_lists_with_filters_and_pages(api: Callers, market: Market) -> None:
    made = [market.draft() for _ in range(2)] + [market.placed()]
    first = api.pia.get("orders/", limit="2")
    assert [row["number"] for row in first["results"]] == made[:0:-1]
    second = api.pia.get(first["next"])
    assert [row["number"] for row in second["results"]] == made[:1]
    assert [row["number"] for row in api.pia.get(second["previous"])["results"]] == made[:0:-1]
    row = api.pia.get("orders/", state="placed")["results"][0]
    assert (row["number"], row["ordered_kg"], row["open_kg"], row["value"], row["next_on"], row["late"]) == (
        made[2],
        "100",
        "100",
        "6250",
        "2026-12-01",
        False,
    )
    late = market.placed(market.line(promised_on=date(2026, 11, 1)))
    assert [row["number"] for row in api.pia.get("orders/", late="true")["results"]] == [late]
    for query in ({"state": "gone"}, {"late": "1"}, {"cursor": "x"}, {"nothing": "x"}, {"flag": "0"}):
        assert api.pia.get("orders/", **query).status in {400, 422}


def test_it_writes_a_draft_anew(api: Callers, market: Market) -> None:
    number = market.draft()
    body = {**ORDER, "version": 1, "lines": [LINE, {**LINE, "site": "BRA"}]}
    changed = api.pia.put(f"orders/{number}/", body)
    assert (changed.status, changed["version"], len(changed["lines"])) == (200, 2, 2)
    assert api.pia.put(f"orders/{number}/", {**body, "note": "x"}).body["code"] == "stale"
    assert api.pia.put(f"orders/{number}/", ORDER).status == 422


def test_the_same_key_lands_once(api: Callers, market: Market) -> None:
    key = "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"
    first = api.pia.post("orders/", ORDER, key=key)
    assert api.pia.post("orders/", ORDER, key=key).body == first.body
    assert Order.objects.count() == 1
    assert api.pia.send("POST", "orders/", "{}").status == 400
    assert api.pia.post("orders/", ORDER, key="no-uuid").status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"ordered_kg": "0"},
        {"ordered_kg": "-1"},
        {"ordered_kg": "1.0000001"},
        {"ordered_kg": "NaN"},
        {"ordered_kg": "1e400"},
        {"ordered_kg": "１２"},
        {"ordered_kg": "1_000"},
        {"ordered_kg": None},
        {"ordered_quantity": "5", "ordered_unit": "t"},
        {"ordered_kg": "1", "ordered_unit": "t"},
        {"price_per_kg": "-1"},
        {"price_per_kg": "NaN"},
        {"price_per_kg": "1.1234567"},
        {"price_per_kg": True},
        {"tolerance_pct": "100.01"},
        {"tolerance_pct": "Infinity"},
        {"tolerance_pct": "1.234"},
        {"promised_on": "01/12/2026"},
        {"promised_on": "2026-13-01"},
        {"material": "no-such"},
        {"material": "a\u202eb"},
        {"site": "XXX"},
        {"colour": "red"},
    ],
)
def test_it_refuses_a_line_by_name(api: Callers, market: Market, wrong: dict[str, Any]) -> None:
    answer = api.pia.post("orders/", {**ORDER, "lines": [{**LINE, **wrong}]})
    assert (answer.status, answer.is_problem) == (422, True)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"lines": []}, {"lines": [LINE] * 51}, {"lines": "x"}, {"currency": "XYZ"}, {"flag": -1}, {"flag": 2**63}],
)
def test_it_refuses_an_order_by_name(api: Callers, market: Market, wrong: dict[str, Any]) -> None:
    answer = api.pia.post("orders/", {**ORDER, **wrong})
    assert (answer.status, answer.is_problem) == (422, True)
    assert not Order.objects.exists()


def test_it_takes_other_units(api: Callers, market: Market) -> None:
    line = {name: value for name, value in LINE.items() if name != "ordered_kg"}
    asked = {**line, "ordered_quantity": "2", "ordered_unit": "t"}
    found = api.pia.post("orders/", {**ORDER, "lines": [asked]})["lines"][0]
    assert (found["ordered_kg"], found["ordered_quantity"], found["ordered_unit"]) == ("2000", "2", "t")
    flask = api.pia.post("orders/", {**ORDER, "lines": [{**asked, "ordered_unit": "flask"}]})
    assert flask.status == 422


def test_acts_that_need_a_reason_ask_for_it(api: Callers, market: Market) -> None:
    number = market.submitted()
    assert api.dee.post(f"orders/{number}/send_back/", {}).status == 422
    assert api.dee.post(f"orders/{number}/send_back/", {"reason": "Too dear"})["state"] == "draft"
    assert api.pia.post(f"orders/{number}/cancel/", {"reason": "No"})["state"] == "cancelled"
    refused = api.pia.post(f"orders/{number}/submit/", {})
    assert (refused.status, refused["code"]) == (409, "wrong_state")


def test_nobody_approves_their_own(api: Callers, market: Market, max_: object) -> None:
    number = market.submitted(who="max")
    refused = api.max.post(f"orders/{number}/approve/", {})
    assert (refused.status, refused["code"]) == (403, "own_order")
    assert Command.objects.filter(kind="procurement.approve_order", outcome="refused").count() == 1


@pytest.mark.parametrize("act", ["submit", "approve", "send_back", "place", "cancel"])
def test_who_may_act(api: Callers, market: Market, act: str) -> None:
    number = market.draft()
    for who, status in {"nobody": 401, "ana": 403, "aud": 403, "adm": 403}.items():
        assert getattr(api, who).post(f"orders/{number}/{act}/", {}).status == status
    assert (api.dee if act in {"submit", "place", "cancel"} else api.pia).post(
        f"orders/{number}/{act}/", {}
    ).status == 403
    assert api.pia.get(f"orders/{number}/{act}/").status == 405


def test_who_may_see(api: Callers, market: Market) -> None:
    number = market.draft()
    for who, status in {"nobody": 401, "ana": 403, "adm": 403, "dee": 200, "aud": 200, "pia": 200}.items():
        assert getattr(api, who).get("orders/").status == status
        assert getattr(api, who).get(f"orders/{number}/").status == status


@pytest.mark.parametrize("number", ["PO-99-0001", "PO%C2%A01", "po-26-0001", "x" * 300])
def test_an_unknown_order_is_404(api: Callers, market: Market, number: str) -> None:
    assert api.pia.get(f"orders/{number}/").status == 404
    assert api.pia.post(f"orders/{number}/submit/", {}).status == 404
    assert api.pia.put(f"orders/{number}/", {**ORDER, "version": 1}).status == 404
