"""A person at a browser: signed in, with the forms that the pages gave them. The edge's clock is the world's."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from django.test import Client

from tests.procurement.market import Market


class _Fields(HTMLParser):
    """Name and value of every control of the form that posts to one address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.values = action, False, {}  # type: ignore[var-annotated]  # name to value
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        name = given.get("name") or ""
        if not self.inside:
            return
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.values[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag == "select":
            self.select = name
            self.values[name] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.values[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


@dataclass
class Person:
    client: Client

    def get(self, path: str, *, swap: Any = False, status: Any = 200, **query: str) -> str:
        headers = {"HX-Request": "true"} if swap else {}
        answer = self.client.get(path, query, headers=headers)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()

    def send(self, page: str, action: str = "", *, swap: Any = False, **changes: Any) -> Any:
        """Open a page, change some fields of the form that posts to `action`, and send it."""
        found = _Fields(action or page)
        found.feed(self.get(page))
        assert found.values, f"no form for {action or page} on {page}"
        headers = {"HX-Request": "true"} if swap else {}
        values = {name: value for name, value in {**found.values, **changes}.items() if value is not None}
        return self.client.post(action or page, values, headers=headers)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, {"key": str(uuid4()), **fields})


class People:
    """`people.pia` is Pia's."""

    def __init__(self, market: Market) -> None:
        self.market, self.known = market, {}  # type: ignore[var-annotated]  # name to person

    def __getattr__(self, name: str) -> Person:
        if name not in self.known:
            client = Client()
            if name != "nobody":
                client.force_login(self.market.world.people[name])
            self.known[name] = Person(client)
        return self.known[name]


def text(html: str) -> str:
    """What is read on a page, with single spaces."""
    main = html.split('<main id="main"')[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


def closed(people: People, path: str, *, open_to: set[str], method: str = "get", status: int = 403) -> None:
    """The page sends strangers to sign in, and refuses everybody whose role does not have it."""
    stranger = people.nobody.client.get(path)
    assert (stranger.status_code, stranger["Location"].split("?")[0]) == (302, "/sign-in/")
    for who in {"ana", "pia", "dee", "aud", "adm"} - open_to:
        assert getattr(people, who).client.get(path).status_code == status, who
    for who in open_to:
        assert getattr(people, who).client.get(path).status_code == 200, who
