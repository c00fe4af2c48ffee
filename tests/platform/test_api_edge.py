"""What every route of the API refuses before its door: who, how, in which clothes."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from config.audit.models import Command
from config.audit.rest import MayAct
from tests.rest import PROBLEM, Answer, Callers
from tests.world import World

BODY = {"material": "nd-oxide", "location": "ANT-S1", "net_kg": "5"}


def test_it_asks_nobody_in(api: Callers) -> None:
    for answer in (api.nobody.get("lots/"), api.nobody.post("receipts/", BODY), api.nobody.get("elements/")):
        assert answer.status == 401
        assert answer.is_problem
        assert answer.response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token a b",
        "Token wrong",
        "Token " + "0" * 64,
        "Token \u00e9\u00e9",
        "Token %00",
        "Token " + "a" * 5000,
    ],
)
def test_it_takes_no_token_that_it_did_not_give(api: Callers, header: str) -> None:
    answer = api.nobody.send("GET", "lots/", headers={"Authorization": header})
    assert answer.status == 401
    assert answer.is_problem


def test_it_says_whose_role_would_do(api: Callers) -> None:
    answer = api.pia.post("receipts/", BODY)
    assert answer.status == 403
    assert answer.is_problem
    assert answer["code"] == "not_allowed"
    assert "warehouse" in answer["message"]
    assert not Command.objects.filter(kind="inventory.receive").exists()


def test_it_lets_a_change_of_role_hold_from_the_next_request_on(api: Callers, world: World) -> None:
    assert api.ana.get("lots/").status == 200
    world.ana.roles = []
    world.ana.save()
    assert api.ana.get("lots/").status == 403
    world.ana.is_active = False
    world.ana.save()
    assert api.ana.get("lots/").status == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_it_names_a_wrong_method(api: Callers, method: str) -> None:
    answer = api.ana.send(method, "lots/")
    assert answer.status == 405
    assert answer.is_problem
    assert api.ana.post("lots/").status == 405
    assert api.ana.send("GET", "receipts/").status == 405


def test_it_answers_head_like_get(api: Callers) -> None:
    assert api.ana.send("HEAD", "lots/").status == 200


def test_it_speaks_json_only(api: Callers) -> None:
    answer = api.ana.send("GET", "lots/", headers={"Accept": "text/html"})
    assert answer.status == 406
    assert answer.is_problem


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_it_takes_json_only(api: Callers, content_type: str) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    answer = api.ana.send("POST", "receipts/", b"material=nd-oxide", headers=headers, content_type=content_type)
    assert answer.status == 415
    assert answer.is_problem


@pytest.mark.parametrize(
    "key", [None, "", "1", "not-a-key", "{3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00}", "3f2b8c1e0d4a4b6e9c2f7a1d5e8b9c00"]
)
def test_it_needs_a_key_for_each_write(api: Callers, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = api.ana.send("POST", "receipts/", json.dumps(BODY), headers=headers)
    assert answer.status == 400
    assert answer.is_problem
    assert answer["code"] == "idempotency_key_needed"
    assert not Command.objects.filter(kind="inventory.receive").exists()


@pytest.mark.parametrize(
    "path",
    ["nothing/", "lots", "lots/RE-1", "requests/abc/", "requests/" + "9" * 5000 + "/", "../admin/", "lots/a/b/c/"],
)
def test_it_says_in_its_own_words_that_there_is_nothing(api: Callers, path: str) -> None:
    for caller in (api.ana, api.nobody):
        answer = caller.get(path)
        assert answer.status in (401, 404)
        assert answer.is_problem
    assert api.ana.post(path, {}).status == 404


@pytest.mark.parametrize(
    "path",
    ["lots/%00/", "lots/RE%0a/", "lots/?search=%00", "lots/?%00=1", "movements/?lot=a%00b", "positions/?site=%00"],
)
def test_it_reads_no_address_with_characters_of_no_database(api: Callers, path: str) -> None:
    for caller in (api.ana, api.nobody):
        answer = caller.get(path)
        assert answer.status == 400
        assert answer.is_problem


def test_it_refuses_such_an_address_of_a_page_too(db: None) -> None:
    assert Client().get("/lots/%00/").status_code == 400
    assert Client().get("/?next=%00").status_code == 400


NO_QUERY = [
    "lots/?nosuch=1",
    "lots/?site=ANT&site=BRA",
    "elements/?x=1",
    "sites/?page=2",
    "requests/?state=maybe",
    "lots/?limit=0",
    "lots/?limit=201",
    "lots/?limit=１０",
    "lots/?limit=1e1",
    "lots/?below_target=yes",
    "lots/?received_after=2026-13-01",
    "lots/?received_after=tomorrow",
    "lots/?condition=Z",
    "lots/?order=price",
    "positions/?as_of=2026-02-30",
    "positions/?as_of=0001-01-01",
    "positions/?as_known_on=9999-12-31",
    "movements/?kind=teleport",
    "lots/?site=%E2%80%AE",
]


@pytest.mark.parametrize("address", [*NO_QUERY, "lots/?search=" + "a" * 500])
def test_it_refuses_a_query_that_it_does_not_know_by_name(api: Callers, address: str) -> None:
    answer = api.ana.get(address)
    assert answer.status == 422
    assert answer.is_problem
    name = address.partition("?")[2].partition("=")[0]
    assert name in json.dumps(answer.body)


def test_it_takes_an_empty_value_for_none(api: Callers) -> None:
    assert api.ana.get("lots/?site=&form=&limit=").status == 200


@pytest.mark.parametrize(
    "cursor", ["x", "-1", "W10", "bnVsbA", "A" * 601, "é", "WyItcmVjZWl2ZWQiLCJuIiwieCIsMV0", "Ww" * 200]
)
def test_it_refuses_a_cursor_that_it_did_not_give(api: Callers, cursor: str) -> None:
    for route in ("lots/", "movements/", "requests/"):
        answer = api.ana.get(route, cursor=cursor)
        assert answer.status in (400, 422)
        assert answer.is_problem


def test_it_refuses_a_body_by_its_announced_length_alone(api: Callers) -> None:
    class NeverRead(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("The body was read.")

    never: dict[str, Any] = {"CONTENT_LENGTH": str(50 * 1024 * 1024), "wsgi.input": NeverRead()}
    for route in ("receipts/", "auth/token/", "/sign-in/"):
        answer = api.ana.send("POST", route, **never)
        assert answer.status == 413
    assert api.ana.send("POST", "receipts/", b"x" * (1024 * 1024 + 1)).is_problem


def test_it_asks_for_the_length_of_a_body_that_comes_in_pieces(api: Callers) -> None:
    answer = Answer(api.nobody.client.generic("POST", "/api/auth/token/", headers={"Transfer-Encoding": "chunked"}))
    assert (answer.status, answer["code"]) == (411, "length_needed")
    assert answer.is_problem


def test_it_asks_a_browser_for_its_csrf_token(api: Callers, world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.ana)
    assert browser.get("/api/lots/").status_code == 200
    headers = {"Idempotency-Key": str(uuid4())}
    refused = Answer(browser.post("/api/receipts/", json.dumps(BODY), "application/json", headers=headers))
    assert refused.status == 403
    assert refused.is_problem
    browser.cookies["csrftoken"] = token = "a" * 32
    headers["X-CSRFToken"] = token
    assert browser.post("/api/receipts/", json.dumps(BODY), "application/json", headers=headers).status_code == 201


class Broken(APIView):
    permission_classes = [AllowAny]

    def get(self, request):
        raise RuntimeError("a secret of ours")


class Open(APIView):
    permission_classes = [MayAct]

    def get(self, request):
        raise AssertionError("A view without an act was opened.")


class Bare(APIView):
    def get(self, request):
        raise AssertionError("A view without permissions was opened.")


urlpatterns = [
    path("api/broken/", Broken.as_view()),
    path("api/open/", Open.as_view()),
    path("api/bare/", Bare.as_view()),
]
handler500 = "config.api.server_error"


def test_it_tells_nothing_of_its_own_failures(api: Callers, settings) -> None:
    settings.ROOT_URLCONF = __name__
    answer = api.ana.get("broken/")
    assert (answer.status, answer.type) == (500, PROBLEM)
    assert "secret" not in json.dumps(answer.body)


def test_it_keeps_a_view_closed_that_opens_itself_to_nobody(api: Callers, settings) -> None:
    settings.ROOT_URLCONF = __name__
    for route in ("open/", "bare/"):
        assert api.dee.get(route).status == 403
        assert api.nobody.get(route).status == 401
