"""One page, two ways to ask: the page, or the fragment that it includes."""

import pytest
from django.test import Client, RequestFactory

from config.ui import htmx

SWAP = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("LoginRequiredMiddleware")]


@pytest.mark.parametrize(
    ("headers", "swap"),
    [
        ({}, False),
        (SWAP, True),
        (SWAP | {"HX-Boosted": "true"}, False),
        (SWAP | {"HX-History-Restore-Request": "true"}, False),
    ],
)
def test_it_knows_a_swap_from_a_page(headers, swap):
    assert htmx.is_swap(RequestFactory().get("/", headers=headers)) is swap


@pytest.mark.django_db
def test_it_sends_the_fragment_with_its_status_and_the_waiting_messages():
    answer = Client().get("/either/", headers=SWAP)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "HX-Request" in answer["Vary"]
    assert "<html" not in html
    assert '<nav class="pager"' in html
    assert 'hx-swap-oob="true"' in html
    assert "Received." in html


@pytest.mark.django_db
def test_it_sends_the_page_with_the_same_status():
    answer = Client().get("/either/")
    assert answer.status_code == 422
    assert answer.content.startswith(b"<!doctype html>")
    assert b"Received." in answer.content
    assert b"hx-swap-oob" not in answer.content
