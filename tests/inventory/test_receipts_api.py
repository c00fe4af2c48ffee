"""Receiving a lot over the API."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from config.audit.models import Command
from inventory.models import Assay, Lot, Movement
from tests.rest import Callers
from tests.world import World

BODY = {
    "material": "nd-oxide",
    "site": "ANT",
    "location": "ANT-S1",
    "supplier_lot": "SUP-1",
    "net_kg": "1250.500001",
    "assays": [],
    "containers": [],
    "provenance": [],
    "occurred_at": "2026-11-02T08:30:00+01:00",
}


def test_it_receives_a_lot_in_condition_j(api: Callers) -> None:
    answer = api.ana.post("receipts/", BODY)
    assert answer.status == 201, answer
    assert (answer["condition"], answer["net_kg"], answer["location"]) == ("J", "1250.500001", "ANT-S1")
    assert (answer["supplier_lot"], answer["received_at"]) == ("SUP-1", "2026-11-02T07:30:00Z")
    assert Movement.objects.get().net_mg == 1_250_500_001


def test_it_takes_a_number_of_ours_an_exact_number_and_now(api: Callers) -> None:
    answer = api.ana.post(
        "receipts/", {"material": "nd-oxide", "location": "ANT-QUAR", "net_kg": 2.85, "lot_number": "L-1"}
    )
    assert (answer["number"], answer["net_kg"], answer["received_at"]) == ("L-1", "2.85", "2026-11-02T09:00:00Z")


def test_it_takes_null_for_what_is_left_out(api: Callers) -> None:
    body = {**BODY, "moisture_pct": None, "occurred_at": None, "produced_on": None}
    assert api.ana.post("receipts/", body).status == 201


def test_it_keeps_the_quantity_and_unit_that_were_written(api: Callers) -> None:
    body = {key: value for key, value in BODY.items() if key != "net_kg"}
    answer = api.ana.post("receipts/", {**body, "net_quantity": "2", "net_unit": "short ton"})
    assert answer["net_kg"] == "1814.36948"
    (movement,) = api.ana.get("movements/", lot=answer["number"])["results"]
    assert (movement["entered_quantity"], movement["entered_unit"]) == ("2", "short ton")


def test_it_takes_an_assay_along(api: Callers) -> None:
    assay = {"lab": "Lab A", "fractions": {"Nd": "0.08", "Pr": "0.02"}, "moisture_pct": "8", "sampled_on": "2026-10-30"}
    body = {**BODY, "material": "re-concentrate", "net_kg": "1000", "assays": [assay], "moisture_pct": 8}
    answer = api.ana.post("receipts/", body)
    assert answer.status == 201, answer
    assert answer["contained"] == {"Nd": "73.6", "Pr": "18.4"}
    assert Assay.objects.get().source == "laboratory"


def test_it_gives_the_first_lot_again_for_the_same_key(api: Callers) -> None:
    key = str(uuid4())
    first, second = (api.ana.post("receipts/", BODY, key=key) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    other = api.ana.post("receipts/", {**BODY, "net_kg": "1"}, key=key)
    assert (other.status, other["code"]) == (422, "key_reused")
    assert api.ben.post("receipts/", BODY, key=key)["number"] != first["number"], "Keys are each person's own."
    assert Lot.objects.count() == 2


def test_it_gives_the_first_refusal_again_for_the_same_key(api: Callers) -> None:
    key, body = str(uuid4()), {**BODY, "location": "BRA-S1"}
    first, second = (api.ana.post("receipts/", body, key=key) for _ in range(2))
    assert (first.status, second.status) == (404, 404)
    assert first.body == second.body
    assert Command.objects.filter(outcome="refused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_lands_once_when_sent_many_times_at_once(api: Callers) -> None:
    key, ana = str(uuid4()), api.ana

    def send(_: int) -> tuple[int, str]:
        try:
            answer = ana.post("receipts/", BODY, key=key)
            return answer.status, json.dumps(answer.body)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert Lot.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"site": "BRA"}, 404, "location"),
        ({"location": "BRA-S1", "site": "BRA"}, 404, "location"),
        ({"location": "NOWHERE"}, 404, "location"),
        ({"location": "ANT-TRAN"}, 422, "transit"),
        ({"location": "ANT-SUPP"}, 422, "supplier"),
        ({"material": "unobtainium"}, 404, "material"),
        ({"occurred_at": "2026-11-02T09:05:01Z"}, 422, "future"),
        ({"containers": [{"kind": "drum"}]}, 422, "containers"),
        ({"provenance": [{"stage": "mining", "country": "AU"}]}, 422, "provenance"),
        ({"assays": [{"lab": "A", "fractions": {"Nd": "0.8"}}] * 2}, 422, "assays"),
        ({"assays": [{"lab": "A", "fractions": {"Nd": "0.8"}, "impurities": {}}]}, 422, "impurities"),
        ({"assays": [{"lab": "A", "fractions": {"Nd": "0.8", "Pr": "0.3"}}]}, 422, "100 %"),
        ({"moisture_pct": "2"}, 422, "moisture"),
        (
            {"moisture_pct": "1", "assays": [{"lab": "A", "fractions": {"Nd": "1"}, "moisture_pct": "2"}]},
            422,
            "moisture",
        ),
        ({"net_quantity": "1", "net_unit": "t"}, 422, "net_kg"),
        ({"net_kg": None}, 422, "net_kg"),
        ({"net_kg": "1", "net_unit": "t"}, 422, "net_kg"),
        ({"colour": "blue"}, 422, "colour"),
    ],
)
def test_it_refuses_by_name_what_cannot_be(api: Callers, change: dict[str, Any], status: int, word: str) -> None:
    answer = api.ana.post("receipts/", {**BODY, **change})
    assert answer.status == status, answer
    assert answer.is_problem
    assert word in json.dumps(answer.body)
    assert not Lot.objects.exists()


@pytest.mark.parametrize("unit", ["mtu", "flask", "stone"])
def test_it_refuses_a_unit_that_does_not_fit(api: Callers, unit: str) -> None:
    body = {"material": "nd-oxide", "location": "ANT-S1", "net_quantity": "1", "net_unit": unit}
    assert api.ana.post("receipts/", body).status == 422


@pytest.mark.parametrize("taken", ["Lot 7", "LOT 7", "lot  7", "ｌｏｔ 7", " Lot 7 "])
def test_it_refuses_a_number_that_is_taken_whatever_its_case_and_width(api: Callers, taken: str) -> None:
    assert api.ana.post("receipts/", {**BODY, "lot_number": "Lot 7"}).status == 201
    answer = api.ana.post("receipts/", {**BODY, "lot_number": taken})
    assert (answer.status, answer["code"], answer["field"]) == (409, "duplicate_lot_number", "lot_number")


@pytest.mark.parametrize(
    ("who", "status"), [("dee", 403), ("pia", 403), ("aud", 403), ("adm", 403), ("cem", 404), ("nobody", 401)]
)
def test_it_lets_only_the_site_receive(api: Callers, who: str, status: int) -> None:
    assert getattr(api, who).post("receipts/", BODY).status == status
    assert not Lot.objects.exists()


def test_it_takes_nothing_but_a_post(api: Callers) -> None:
    assert api.ana.get("receipts/").status == 405


def test_it_records_the_attempt_with_its_outcome(api: Callers, world: World) -> None:
    api.ana.post("receipts/", BODY)
    api.ana.post("receipts/", {**BODY, "location": "NOWHERE"})
    outcomes = Command.objects.filter(kind="inventory.receive", actor=world.ana).order_by("pk")
    assert [command.outcome for command in outcomes] == ["done", "refused"]
