"""Views of a list that a person keeps: saved, opened, renamed, deleted; nobody else's, and never more than they may see."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.http import QueryDict

from config.accounts import preferences
from config.accounts.models import User
from config.audit.models import Command
from config.ui import saved, tables
from config.ui.saved import View
from procurement.tables import ORDERS
from tests.counting import counted
from tests.pages import People, text

SAVE = "/tables/orders/views/"
pytestmark = pytest.mark.usefixtures("world")


def _save(people: People, name: str = "Late ones", query: str = "late=yes", **more: Any) -> Any:
    sent = {"key": str(uuid4()), "name": name, "query": query, "columns": "order,state,open", **more}
    return people.pia.post(SAVE, sent)


def _views(world: Any) -> list[View]:
    return saved.of(User.objects.get(pk=world.pia.pk), ORDERS)


def test_it_keeps_filters_order_and_columns_and_opens_with_them(people: People, world: Any) -> None:
    answer = _save(people, query="late=yes&cursor=x&utm=1&state=")
    (view,) = _views(world)
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/?late=yes&view={view.id}")
    assert (view.name, view.query, view.columns) == ("Late ones", "late=yes", ["order", "state", "open"])
    html = people.pia.get(answer["Location"])
    assert "Late ones</bdi>" in html
    assert "Late ones" in people.pia.get("/orders/")
    assert "Late ones" not in people.dee.get("/orders/")
    assert Command.objects.get(kind="ui.save_view").actor_id == world.pia.pk


def test_the_form_on_the_page_saves_what_the_page_shows(people: People, world: Any) -> None:
    page = "/orders/?state=draft"
    people.pia.send(page, SAVE, name="Drafts")
    (view,) = _views(world)
    assert view.query == "state=draft"
    assert view.columns == [column.key for column in ORDERS.columns if column.shown]


def test_a_default_view_opens_with_the_list_and_all_of_it_stays_in_reach(people: People, world: Any) -> None:
    _save(people, default="on")
    _save(people, name="Drafts", query="state=draft", default="on")
    late, drafts = sorted(_views(world), key=lambda view: view.query)
    assert (late.default, drafts.default) == (False, True)
    assert people.pia.client.get("/orders/")["Location"] == f"/orders/?state=draft&view={drafts.id}"
    assert "Drafts" in people.pia.get("/orders/?view=all")
    assert people.pia.client.get("/orders/", {"search": ""}).status_code == 200


def test_the_same_sent_twice_is_one_view(people: People, world: Any) -> None:
    key = str(uuid4())
    assert [_save(people, key=key).status_code for _ in range(2)] == [303, 303]
    assert len(_views(world)) == 1


def test_it_is_renamed_and_deleted(people: People, world: Any) -> None:
    _save(people)
    (view,) = _views(world)
    page = f"{SAVE}{view.id}/"
    assert people.pia.send(page, name="Overdue", default="on").status_code == 303
    (view,) = _views(world)
    assert (view.name, view.default, view.query) == ("Overdue", True, "late=yes")
    answer = people.pia.send(page, f"{page}remove/")
    assert (answer["Location"], _views(world)) == ("/orders/?view=all", [])


@pytest.mark.parametrize(
    ("name", "said"),
    [("late ONES", "already"), ("x" * 10_000, "60 characters"), (" ", "required"), ("a\u202eb", "direction marks")],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_lost(
    people: People, world: Any, name: str, said: str
) -> None:
    _save(people)
    answer = _save(people, name=name, query="state=draft")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in text(html)
    assert 'value="state=draft"' in html
    assert len(_views(world)) == 1


def test_script_in_a_name_is_text(people: People, world: Any) -> None:
    answer = _save(people, name="<script>alert(1)</script>")
    html = people.pia.get(answer["Location"])
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_so_many_and_no_more(people: People, world: Any) -> None:
    for number in range(saved.MOST_OF_LIST):
        assert _save(people, name=f"View {number}").status_code == 303
    assert "Delete one first" in text(_save(people, name="One more").content.decode())


def test_nobody_else_s_view_is_there(people: People, world: Any) -> None:
    _save(people)
    (view,) = _views(world)
    for path in (f"/orders/?view={view.id}", f"{SAVE}{view.id}/", "/orders/?view=nothing", f"{SAVE}nothing/"):
        people.dee.get(path, status=404)
    assert people.dee.post(f"{SAVE}{view.id}/", {"key": str(uuid4()), "name": "Mine"}).status_code == 404
    assert people.dee.post(f"{SAVE}{view.id}/remove/", {"key": str(uuid4())}).status_code == 404
    assert people.ana.post(SAVE, {"key": str(uuid4()), "name": "Mine"}).status_code == 403
    assert people.pia.post("/tables/nothing/views/", {"key": str(uuid4()), "name": "Mine"}).status_code == 404
    assert len(_views(world)) == 1


def test_what_the_list_no_longer_knows_is_said_and_the_rest_shown(people: People, world: Any) -> None:
    rows = [{"id": "a1", "name": "Old", "query": "late=yes&colour=red&state=gone", "columns": ["order", "gone"]}]
    preferences.put(user=world.pia, name="views:orders", value=rows)
    html = text(people.pia.get("/orders/?late=yes&colour=red&state=gone&view=a1"))
    assert "This list no longer knows State, colour" in html
    params = QueryDict("late=yes&colour=red&state=gone&view=a1")
    assert ORDERS.told(user=world.pia, params=params, now=world.now) == "Late only"


def test_choosing_columns_leaves_the_view(people: People, world: Any) -> None:
    address = _save(people)["Location"]
    answer = people.pia.post("/tables/orders/columns/", {"columns": "state", "density": "compact", "next": address})
    assert answer["Location"] == "/orders/?late=yes"


def test_its_columns_are_those_that_the_person_may_see_now(world: Any) -> None:
    view = View("a1", "Mine", "", ["order", "state", "open"])
    assert [column.key for column in tables.shown(ORDERS, user=world.pia, view=view).columns] == view.columns


def test_views_cost_a_list_no_query(people: People, world: Any) -> None:
    people.pia.get("/orders/")
    _save(people)
    (view,) = _views(world)
    with counted("page: orders, a saved view"):
        people.pia.get(f"/orders/{view.address}")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_keep_both(world: Any) -> None:
    def keep(name: str) -> None:
        try:
            user = User.objects.get(pk=world.pia.pk)
            by = replace(world.by("pia"), actor=user)
            saved.save(by=by, table=ORDERS, name=name, query="", columns=["order"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, [f"View {number}" for number in range(8)]))
    assert len(_views(world)) == 8
