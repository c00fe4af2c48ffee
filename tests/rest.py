"""The API as a program calls it: a token, a key for each write, JSON both ways."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from config.accounts import tokens
from tests.world import World

PROBLEM = "application/problem+json"


class Answer:
    """An answer of the API: its status and its JSON."""

    def __init__(self, response: Any) -> None:
        self.response, self.status = response, response.status_code
        self.type = response.headers.get("Content-Type", "")
        self.body: Any = json.loads(response.content) if response.content and "json" in self.type else None

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def __repr__(self) -> str:
        return f"{self.status} {self.body}"

    @property
    def is_problem(self) -> bool:
        """True for an error of the API's own kind, complete and free of traces."""
        return self.type == PROBLEM and {"type", "title", "status", "code", "message", "facts"} <= set(self.body)


@dataclass
class Caller:
    """One person's program. Without a token it is nobody's."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """Send a body with a fresh key, or the one given."""
        return self.write("POST", path, body, key=key)

    def write(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """As `post`, with another method."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.send(method.upper(), path, json.dumps(body), headers=headers)

    def patch(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """Change a thing, with a fresh key or the one given."""
        return self.send("PATCH", path, json.dumps(body), headers={"Idempotency-Key": key or str(uuid4())})

    def put(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """Replace a thing, with a fresh key or the one given."""
        return self.send("PUT", path, json.dumps(body), headers={"Idempotency-Key": key or str(uuid4())})

    def send(
        self,
        method: str,
        path: str,
        data: str | bytes = "",
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
        **extra: Any,
    ) -> Answer:
        """Send anything; bytes and text go as they are. `path` is relative to /api/, or a whole address of a page."""
        if self.token:
            headers = {"Authorization": f"Token {self.token}", **(headers or {})}
        address = path if path.startswith(("/", "http")) else f"/api/{path}"
        return Answer(
            self.client.generic(
                method, address, data, content_type, query_params=query or None, headers=headers or {}, **extra
            )
        )


class Callers:
    """Programs of the world's people, by name: `api.ana.get("lots/")`. The edge's clock is the world's."""

    def __init__(self, world: World) -> None:
        self.world, self._made = world, {"nobody": Caller()}

    def __getattr__(self, name: str) -> Caller:
        if name not in self._made:
            issued = tokens.issue(person=self.world.people[name], now=self.world.now)
            self._made[name] = Caller(issued["token"])
        return self._made[name]


@pytest.fixture
def api(world: World, monkeypatch: pytest.MonkeyPatch) -> Callers:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    return Callers(world)
