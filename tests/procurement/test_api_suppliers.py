"""/api/suppliers/"""

import pytest

from tests.procurement.market import Market
from tests.rest import Callers

NEW = {"code": "MP", "name": "MP Materials", "country": "US"}


def test_it_adds_lists_and_changes_suppliers(api: Callers, market: Market) -> None:
    made = api.pia.post("suppliers/", NEW)
    assert made.status == 201
    assert made.body == {**NEW, "is_active": True, "orders_open": 0, "version": 1}
    listed = api.aud.get("suppliers/", limit="2")
    assert [row["code"] for row in listed["results"]] == ["LYNAS", "MP"]
    assert listed["previous"] is None
    assert [row["code"] for row in api.aud.get(listed["next"])["results"]] == ["NEO"]
    assert [row["code"] for row in api.dee.get("suppliers/", search="perform")["results"]] == ["NEO"]
    change = {"name": "MP", "country": "US", "is_active": False, "version": 1}
    assert api.pia.put("suppliers/MP/", change)["version"] == 2
    assert api.pia.put("suppliers/MP/", change).status == 409
    assert [row["code"] for row in api.pia.get("suppliers/", active="false")["results"]] == ["MP"]


def test_the_same_key_lands_once(api: Callers, market: Market) -> None:
    key = "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"
    first = api.pia.post("suppliers/", NEW, key=key)
    assert api.pia.post("suppliers/", NEW, key=key).body == first.body
    other = api.pia.post("suppliers/", {**NEW, "name": "Other"}, key=key)
    assert (other.status, other["code"]) == (422, "key_reused")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code": "NEO"}, 409),
        ({"code": "neo"}, 422),
        ({"code": "ＭＰ"}, 422),
        ({"country": "usa"}, 422),
        ({"name": "a\u0000b"}, 422),
        ({"name": 5}, 422),
        ({"more": "x"}, 422),
    ],
)
def test_it_refuses_what_is_no_supplier(api: Callers, market: Market, wrong: dict[str, object], status: int) -> None:
    answer = api.pia.post("suppliers/", {**NEW, **wrong})
    assert (answer.status, answer.is_problem) == (status, True)


@pytest.mark.parametrize("path", ["suppliers/NOBODY/", "suppliers/%C2%A0%E2%80%AE/", "suppliers/neo/"])
def test_an_unknown_supplier_is_404(api: Callers, market: Market, path: str) -> None:
    assert api.pia.get(path).status == 404


def test_who_may(api: Callers, market: Market) -> None:
    for who, status in {"nobody": 401, "ana": 403, "adm": 403, "dee": 200, "aud": 200, "pia": 200}.items():
        assert getattr(api, who).get("suppliers/").status == status
        assert getattr(api, who).get("suppliers/NEO/").status == status
    for who, status in {"nobody": 401, "ana": 403, "dee": 403, "aud": 403}.items():
        assert getattr(api, who).post("suppliers/", NEW).status == status
    assert api.pia.send("DELETE", "suppliers/NEO/").status == 405
