"""A person at a browser without JavaScript: signed in, sending back the forms that pages gave them.

The edge's clock is the world's.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.world import World

SWAP = {"HX-Request": "true"}


class _Controls(HTMLParser):
    """Name and value of every control of the first form that posts to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.found, self.first = action, False, False, False
        self.values: dict[str, str] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            posts = (given.get("method") or "get").lower() == "post"
            self.inside = posts and not self.found and given.get("action", self.action) == self.action
            self.found = self.found or self.inside
        name = given.get("name") or ""
        if not self.inside:
            return
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = given.get("value") or ""
        elif tag == "select":
            self.select, self.first = name, True
        elif tag == "option" and self.select and ("selected" in given or self.first):
            self.values[self.select], self.first = given.get("value") or "", False
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.values[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


@dataclass
class Person:
    client: Client

    def get(self, path: str, query: dict[str, str] | None = None, *, swap: bool = False, status: int = 200) -> str:
        """A page, or with `swap` the fragment that htmx asks for."""
        answer = self.client.get(path, query, headers=SWAP if swap else {})
        html = str(answer.content.decode())
        assert answer.status_code == status, f"{answer.status_code}: {text(html)[:2000]}"
        return html

    def form(self, page: str, action: str = "") -> dict[str, str]:
        """What a browser would send from the form on a page that posts to `action` (the page itself)."""
        return controls(self.get(page), action or page)

    def send(self, page: str, action: str = "", *, swap: bool = False, **changes: Any) -> Any:
        """Open a page, fill some fields of its form in, and send it."""
        values = {**self.form(page, action), **changes}
        return self.post(action or page, values, swap=swap)

    def post(self, path: str, values: dict[str, Any], *, swap: bool = False) -> Any:
        return self.client.post(path, {"key": str(uuid4()), **values}, headers=SWAP if swap else {})


class People:
    """`people.pia` is Pia at her browser; `people.nobody` has not signed in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, Person] = {}

    def __getattr__(self, name: str) -> Person:
        if name not in self._known:
            client = Client(raise_request_exception=True)
            if name != "nobody":
                client.force_login(self._world.people[name])
            self._known[name] = Person(client)
        return self._known[name]

    def closed(
        self, path: str, *, open_to: set[str], among: tuple[str, ...] = ("ana", "pia", "dee", "aud", "adm")
    ) -> None:
        """The page sends strangers to sign in, opens to these people, and to no other role."""
        stranger = self.nobody.client.get(path)
        assert (stranger.status_code, stranger["Location"].split("?")[0]) == (302, "/sign-in/")
        for who in among:
            status = getattr(self, who).client.get(path).status_code
            assert status == (200 if who in open_to else 403), who


@pytest.fixture
def people(world: World, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    return People(world)


def controls(html: str, action: str) -> dict[str, str]:
    """Name and value of every control of the form in `html` that posts to `action`."""
    found = _Controls(action)
    found.feed(html)
    assert found.values, f"no form for {action}: {text(html)[:500]}"
    return found.values


def lasting(html: str) -> str:
    """A page or a fragment without what is new each time: keys and tokens of forms."""
    return re.sub(r'(csrfmiddlewaretoken|key)" value="[^"]*"', "", html).strip()


def text(html: str) -> str:
    """What is read on a page, with single spaces."""
    main = re.split("<main[^>]*>", html)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("</?bdi>", "", main)).replace("\u00a0", " ").split())
