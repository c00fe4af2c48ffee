"""Every address asks for a permission, and shows each person only what is theirs."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse
from rest_framework.views import APIView

from config.accounts import tokens
from config.accounts.matrix import ACTS, permits
from config.accounts.models import User
from config.audit.rest import MayAct
from inventory import ledger, units
from tests.architecture.routes import OPEN, ROUTES, SIGNED_IN, Route
from tests.world import World

PEOPLE = ("ana", "pia", "dee", "aud", "adm")
# Open to who is signed in, or closed in a way of their own.
ONES_OWN = {"api-token", "api-logout", "api-schema", "api-docs", "api-tokens", "api-token-own"}
METHODS = ("get", "post", "put", "patch", "delete")


def patterns(entries: list[URLPattern | URLResolver], within: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its name, in its namespace where it has one."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else within)
        else:
            yield f"{within}{entry.name or entry.pattern}", entry


def known(urlconf: str | None = None) -> dict[str, URLPattern]:
    return dict(patterns(get_resolver(urlconf).url_patterns))


def test_no_route_is_unknown_and_none_is_remembered_that_is_gone() -> None:
    assert set(known()) == set(ROUTES)


def test_a_route_that_somebody_adds_without_an_entry_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    more = ModuleType("tests.more_urls")
    forgotten = path("forgotten/", lambda _: HttpResponse(), name="forgotten")
    more.urlpatterns = [path("", include("config.urls")), forgotten]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, more.__name__, more)
    assert set(known(more.__name__)) - set(ROUTES) == {"forgotten"}


def test_every_act_that_a_route_asks_for_is_in_the_matrix() -> None:
    acts = {getattr(route, method) for route in ROUTES.values() for method in METHODS} - {OPEN, SIGNED_IN, ""}
    assert acts <= set(ACTS)


def test_little_is_open() -> None:
    assert {name for name, route in ROUTES.items() if OPEN in (route.get, route.post)} == {
        "livez",
        "healthz",
        "sign-in",
        "sign-in-code",
        "sign-in-passkey",
        "sign-in-sso",
        "sign-in-sso-back",
        "api-token",
        "api-nothing",
    }


def test_every_view_of_the_api_declares_who_may_call_it() -> None:
    for name, entry in known().items():
        view: type[APIView] | None = getattr(entry.callback, "cls", None)
        if view is not None and name not in ONES_OWN:
            assert list(view.permission_classes) == [MayAct], name


@pytest.fixture
def address(world: World) -> Any:
    """The address of a route, with things of site ANT where it names one."""
    world.stock("10", lot_number="ANT-LOT")
    net = units.enter("1")
    asked = ledger.ask_adjust(by=world.by("ana"), lot="ANT-LOT", location="ANT-S1", net=net, gain=False, reason="Spilt")

    def address_of(name: str) -> str:
        given = {key: asked["request"] if value == "REQUEST" else value for key, value in ROUTES[name].args.items()}
        return reverse(name, kwargs=given)

    return address_of


@pytest.fixture(autouse=True)
def _clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)


def send(client: Client, method: str, address: str) -> HttpResponseBase:
    headers = {"Idempotency-Key": str(uuid4())}
    content = {"content_type": "application/json"} if address.startswith("/api/") and method != "get" else {}
    body = "{}" if content else None
    answer: HttpResponseBase = getattr(client, method)(address, body, headers=headers, **content)
    return answer


def methods(route: Route) -> list[str]:
    return [method for method in METHODS if getattr(route, method)]


def test_nobody_gets_anywhere_without_signing_in(address: Any) -> None:
    for name, route in ROUTES.items():
        for method in METHODS[:2]:
            if getattr(route, method) == OPEN:
                continue
            answer, where = send(Client(), method, address(name)), f"{method} {name}"
            if address(name).startswith("/api/") and name != "api-docs":
                assert answer.status_code in (401, 405), where
            elif route.get == OPEN:
                assert answer.status_code == 405, where
            else:
                assert answer.status_code == 302, where
                assert answer["Location"].startswith("/sign-in/"), where


def fits(method: str, act: str, allowed: bool, status: int) -> bool:
    """Whether a status is what the matrix promises. What an empty body gets beyond the door is not this test's matter."""
    if act in (OPEN, SIGNED_IN):
        return status not in (401, 403)
    if not allowed:
        return status == 403
    return status in (200, 302, 404) if method == "get" else 200 <= status < 500


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_is_let_in_where_the_matrix_says_and_nowhere_else(address: Any, world: World, who: str) -> None:
    person, wrong = world.people[who], {}
    for name, route in ROUTES.items():
        for method in methods(route):
            act = getattr(route, method)
            client = Client(raise_request_exception=False)
            client.force_login(person)
            status = send(client, method, address(name)).status_code
            if not fits(method, act, act in ACTS and permits(person, act), status):
                wrong[f"{method} {name}"] = status
    # No job has run here yet, and the probe says so.
    wrong.pop("get healthz", None)
    assert wrong == {}


def test_who_is_disabled_gets_no_further_than_a_stranger(address: Any, world: World) -> None:
    client = Client()
    client.force_login(world.dee)
    token = tokens.issue(person=world.eve, now=world.now)["token"]
    User.objects.filter(username__in=["dee", "eve"]).update(is_active=False)
    for name, route in ROUTES.items():
        for method in methods(route):
            if getattr(route, method) == OPEN:
                continue
            where = address(name)
            api = where.startswith("/api/") and name != "api-docs"
            answer = send(client, method, where)
            assert answer.status_code == (401 if api else 302), f"{method} {name}"
            if api:
                answer = Client().get(where, headers={"Authorization": f"Token {token}"})
                assert answer.status_code == 401, name


def test_no_route_has_a_method_that_nobody_declared(address: Any, world: World) -> None:
    """Each person, TRACE included: what the table does not name is 405, or 403 or 404 before that."""
    client = Client(raise_request_exception=False)
    client.force_login(world.dee)
    for name, route in ROUTES.items():
        if name != "api-nothing":
            for method in {*METHODS, "trace"} - {method for method in METHODS if getattr(route, method)}:
                assert send(client, method, address(name)).status_code in (403, 404, 405), f"{method} {name}"


def test_who_has_no_role_sees_nothing(address: Any, world: World) -> None:
    world.ana.roles = []
    world.ana.save()
    client = Client()
    client.force_login(world.ana)
    for name, route in ROUTES.items():
        for method in methods(route):
            if getattr(route, method) not in (OPEN, SIGNED_IN):
                assert send(client, method, address(name)).status_code == 403, f"{method} {name}"


def test_what_is_at_another_site_is_not_there(address: Any, world: World) -> None:
    for name in (name for name, route in ROUTES.items() if route.sited):
        for method in methods(ROUTES[name]):
            if permits(world.cem, getattr(ROUTES[name], method)):
                client = Client()
                client.force_login(world.cem)
                # A body that is refused for its shape says nothing about what is there.
                assert send(client, method, address(name)).status_code in (404, 422), f"{method} {name}"


def test_what_is_at_ones_own_site_is(address: Any, world: World) -> None:
    for name in (name for name, route in ROUTES.items() if route.sited and route.get):
        if permits(world.ana, ROUTES[name].get):
            client = Client()
            client.force_login(world.ana)
            assert send(client, "get", address(name)).status_code == 200, name


def test_lists_and_pages_name_nothing_of_another_site(address: Any, world: World) -> None:
    client = Client()
    client.force_login(world.cem)
    for name, route in ROUTES.items():
        if route.get and not route.sited and (route.get in (OPEN, SIGNED_IN) or permits(world.cem, route.get)):
            answer = client.get(address(name))
            if not answer.streaming:
                assert b"ANT-LOT" not in answer.content, name
