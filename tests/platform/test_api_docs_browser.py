"""The API's own page in a browser: it draws every operation under its policy, and calls one."""

from typing import Any

import pytest

from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_draws_every_operation_and_calls_one(page: Any, world: World) -> None:
    page.goto("/sign-in/?next=/api/docs/")
    page.fill("[name=username]", "ana")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("#operations-lots-lots_list")
    assert page.locator(".opblock").count() > 20
    page.click("#operations-sites-sites_list .opblock-summary-control")
    page.click("#operations-sites-sites_list .try-out__btn")
    page.click("#operations-sites-sites_list .execute")
    page.wait_for_selector("#operations-sites-sites_list .live-responses-table")
    assert "Antwerp" in page.inner_text("#operations-sites-sites_list .live-responses-table")
