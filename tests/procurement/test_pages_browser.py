"""The pages of procurement in a real browser: unfolded they fit a telephone, axe finds nothing, htmx keeps the words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from procurement import orders
from tests.procurement.market import Market

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture
def signed_in(market: Market, page: Any, settings: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signs a person in at the browser."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: market.world.now)

    def enter(who: str) -> Any:
        client = Client()
        client.force_login(market.world.people[who])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return enter


def paths(market: Market, who: str) -> list[str]:
    number = market.placed(
        market.line("125000.5", promised_on=date(2026, 11, 1), tolerance_pct=Decimal("2.5")),
        market.line("40", material="re-concentrate"),
        flag_id=9,
        note="By rail, two wagons",
    )
    market.receive(number, "60000")
    draft = market.draft()
    if who == "ana":
        return ["/deliveries/", f"/deliveries/{market.of(number, 2).pk}/receive/"]
    if who == "dee":
        return [f"/orders/{market.submitted()}/"]
    return [
        "/orders/",
        f"/orders/{number}/",
        "/orders/new/",
        f"/orders/{draft}/edit/",
        "/suppliers/",
        "/suppliers/LYNAS/",
    ]


@pytest.mark.parametrize("who", ["pia", "dee", "ana"])
def test_they_fit_and_axe_finds_nothing(market: Market, signed_in: Any, who: str) -> None:
    page = signed_in(who)
    for path in paths(market, who):
        page.goto(path)
        page.set_viewport_size({"width": 390, "height": 900})
        page.evaluate("for (const more of document.querySelectorAll('main details')) more.open = true")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found] == [], path


def test_an_order_is_written_with_more_lines_and_sent_through_its_life(market: Market, signed_in: Any) -> None:
    page = signed_in("pia")
    page.goto("/orders/new/?material=nd-oxide&net_kg=250&site=ANT&supplier=NEO")
    page.get_by_role("button", name="More lines").click()
    page.locator("#id_material_6").wait_for()
    assert page.locator("#id_quantity_1").input_value() == "250"
    page.fill("#id_price_1", "62.5")
    page.fill("#id_promised_1", "2026-12-01")
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url("**/orders/PO-*/")
    page.get_by_role("button", name="Submit for approval").click()
    page.get_by_text("Another person has to approve it").first.wait_for()
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    orders.approve(by=market.world.by("dee"), number=number)
    page.reload()
    page.get_by_role("button", name="Place with the supplier").click()
    page.get_by_text("is on order from now on").wait_for()
    assert market.order(number).state == "placed"


def test_the_list_narrows_in_place_and_in_the_address(market: Market, signed_in: Any) -> None:
    draft, placed = market.draft(), market.placed()
    page = signed_in("pia")
    page.goto("/orders/")
    page.select_option("select[name=state]", "placed")
    page.wait_for_url("**state=placed**")
    assert page.get_by_role("link", name=placed).is_visible()
    assert page.get_by_role("link", name=draft).count() == 0


def test_gloves_meet_targets_of_48_pixels(market: Market, signed_in: Any) -> None:
    page = signed_in("ana")
    page.set_viewport_size({"width": 390, "height": 900})
    for path in paths(market, "ana"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main :is(button, a.button, input, select)')]
              .filter((e) => e.type !== 'hidden' && e.checkVisibility())
              .filter((e) => (e.closest('label') ?? e).getBoundingClientRect().height < 48).map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert small == [], path
