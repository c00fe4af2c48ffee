"""A refusal that no form took becomes a page, a swap into the live region, or stays with the API."""

import pytest
from django.test import Client

from tests.platform.ui_addresses import TooLittle


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("LoginRequiredMiddleware")]


@pytest.mark.django_db
def test_it_says_what_to_do_with_the_status_of_the_refusal():
    answer = Client().get("/refuse/")
    assert answer.status_code == 409
    assert "RE-26-&lt;1&gt; holds 40 kg. Ask for less." in answer.content.decode()


@pytest.mark.django_db
def test_it_answers_403_where_the_role_does_not_allow_it():
    answer = Client().get("/forbid/")
    assert answer.status_code == 403
    assert b"<h1>Not allowed</h1>" in answer.content


@pytest.mark.django_db
def test_it_swaps_only_the_sentence_into_the_live_region():
    answer = Client().get("/refuse/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#messages"
    assert b"<html" not in answer.content
    assert b"Ask for less." in answer.content


def test_it_leaves_the_api_to_its_own_handler():
    with pytest.raises(TooLittle):
        Client().get("/api/refuse/")
