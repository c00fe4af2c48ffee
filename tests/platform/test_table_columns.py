"""Which columns of a list a person sees, and how dense: POST /tables/<name>/columns/."""

import pytest

from config.accounts import preferences
from config.ui import tables
from procurement.tables import ORDERS
from tests.pages import People

CHOOSE = "/tables/orders/columns/"
pytestmark = pytest.mark.usefixtures("world")


def test_it_keeps_the_columns_and_the_density_for_the_person_alone(people: People, world) -> None:
    answer = people.pia.post(
        CHOOSE, {"columns": ["state", "written_by"], "density": "compact", "next": "/orders/?late=yes"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/orders/?late=yes")
    world.pia.refresh_from_db()
    seen = tables.shown(ORDERS, user=world.pia)
    assert [column.key for column in seen.columns] == ["order", "state", "written_by"]
    assert seen.density == "compact"
    assert len(tables.shown(ORDERS, user=world.dee).columns) == 9


def test_the_usual_choice_is_forgotten_not_kept(people: People, world) -> None:
    usual = [column.key for column in ORDERS.optional if column.shown]
    people.pia.post(CHOOSE, {"columns": ["state"], "density": "compact"})
    people.pia.post(CHOOSE, {"columns": usual, "density": "comfortable"})
    world.pia.refresh_from_db()
    assert preferences.get(world.pia, "columns:orders") is None
    assert preferences.get(world.pia, "density") is None


@pytest.mark.parametrize(
    "given", [{"columns": ["price"], "density": "compact"}, {"columns": ["state"], "density": "tiny"}]
)
def test_what_the_list_does_not_have_is_refused_and_nothing_kept(people: People, world, given) -> None:
    assert people.pia.post(CHOOSE, given).status_code == 422
    world.pia.refresh_from_db()
    assert preferences.get(world.pia, "columns:orders") is None


def test_it_leads_nowhere_else_and_knows_no_other_list(people: People) -> None:
    answer = people.pia.post(CHOOSE, {"density": "compact", "next": "https://evil.example/"})
    assert answer["Location"] == "/orders/"
    assert people.pia.post("/tables/nothing/columns/", {"density": "compact"}).status_code == 404
    assert people.ana.post(CHOOSE, {"density": "compact"}).status_code == 403
    assert people.pia.client.get(CHOOSE).status_code == 405


def test_a_column_that_is_gone_is_passed_over(world) -> None:
    preferences.put(user=world.pia, name="columns:orders", value=["state", "gone"])
    assert [column.key for column in tables.shown(ORDERS, user=world.pia).columns] == ["order", "state"]
