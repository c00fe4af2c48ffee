"""The list of suppliers, one of them, and changing them."""

from uuid import uuid4

import pytest

from procurement import suppliers
from procurement.models import Supplier
from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, closed, text


def test_it_lists_and_narrows(people: People, market: Market) -> None:
    market.placed()
    shown = text(people.dee.get("/suppliers/"))
    for words in ("Lynas Rare Earths LYNAS AU In use 1", "Neo Performance Materials NEO CA In use 0"):
        assert words in shown
    assert "Add a supplier" not in shown
    assert "NEO" not in text(people.pia.get("/suppliers/", swap=True, search="lyn"))
    assert "No suppliers match" in text(people.pia.get("/suppliers/", active="no"))
    assert "cannot be narrowed" in people.pia.get("/suppliers/", status=422, active="x")


def test_one_shows_its_orders(people: People, market: Market) -> None:
    number = market.placed()
    shown = text(people.aud.get("/suppliers/LYNAS/"))
    assert number in shown
    assert "1 order under way" in shown
    assert "No orders yet" in text(people.aud.get("/suppliers/NEO/"))
    assert "/orders/new/?supplier=NEO" in people.pia.get("/suppliers/NEO/")


def test_it_adds_and_changes_a_supplier(people: People, market: Market) -> None:
    answer = people.pia.send("/suppliers/new/", code="MP", name="MP Materials", country="US")
    assert (answer.status_code, answer["Location"]) == (303, "/suppliers/MP/")
    answer = people.pia.send("/suppliers/MP/edit/", name="MP", is_active=None)
    assert answer.status_code == 303
    found = Supplier.objects.get(code="MP")
    assert (found.name, found.country, found.is_active, found.version) == ("MP", "US", False, 2)
    assert "Out of use" in text(people.pia.get("/suppliers/MP/"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "NEO"}, "code"),
        ({"code": "mp"}, "code"),
        ({"code": ""}, "code"),
        ({"country": "us"}, "country"),
        ({"country": "USA"}, "country"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
def test_it_refuses_on_the_field_that_is_to_blame(
    people: People, market: Market, wrong: dict[str, str], field: str
) -> None:
    answer = people.pia.send("/suppliers/new/", **{"code": "MP", "name": "MP", "country": "US", **wrong})
    assert answer.status_code == 422
    assert f'id="id_{field}_errors"' in answer.content.decode()
    assert Supplier.objects.count() == 2


def test_a_stale_form_is_refused_and_one_sent_twice_lands_once(people: People, market: Market) -> None:
    given = {"name": "Neo", "country": "CA", "is_active": True}
    suppliers.edit(by=market.world.by("pia"), code="NEO", version=1, **given)  # type: ignore[arg-type]  # as given
    stale = people.pia.post("/suppliers/NEO/edit/", name="N", country="CA", is_active="on", version="1")
    assert stale.status_code == 422
    fields = {"key": str(uuid4()), "code": "MP", "name": "MP", "country": "US"}
    for _ in range(2):
        assert people.pia.client.post("/suppliers/new/", fields).status_code == 303
    assert Supplier.objects.filter(code="MP").count() == 1


def test_it_swaps_the_form(people: People, market: Market) -> None:
    refused = people.pia.send("/suppliers/new/", swap=True, code="x", name="X", country="US")
    assert (refused.status_code, refused.content.decode()[:31]) == (422, '<form class="form" id="supplier')


def test_who_may(people: People, market: Market) -> None:
    closed(people, "/suppliers/", open_to={"pia", "dee", "aud"})
    closed(people, "/suppliers/NEO/", open_to={"pia", "dee", "aud"})
    closed(people, "/suppliers/new/", open_to={"pia"})
    closed(people, "/suppliers/NEO/edit/", open_to={"pia"})
    assert people.dee.post("/suppliers/new/", code="MP").status_code == 403
    assert people.pia.client.post("/suppliers/").status_code == 405
    for code in ("NOBODY", "neo", "%C2%A0"):
        assert people.pia.client.get(f"/suppliers/{code}/").status_code == 404


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    made = [0]

    def make(more: int) -> None:
        for _ in range(more):
            made[0] += 1
            suppliers.add(by=market.world.by("pia"), code=f"S-{made[0]}", name="S", country="DE")
            market.draft()

    the_same_at_3_and_30("page suppliers", make=make, read=lambda: people.pia.get("/suppliers/", swap=True))
    the_same_at_3_and_30("page supplier", make=make, read=lambda: people.pia.get("/suppliers/LYNAS/", swap=True))
