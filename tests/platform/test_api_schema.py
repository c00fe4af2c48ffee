"""The API's description: complete, for signed-in people, read by a page that needs no other server."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.rest import Callers
from tests.world import World

WRITES = {"post", "put", "patch", "delete"}


@pytest.fixture
def schema(api: Callers) -> dict[str, Any]:
    answer = api.ana.get("schema/", format="json")
    assert answer.status == 200
    body: dict[str, Any] = answer.body
    return body


def test_it_is_made_without_a_warning(tmp_path) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))


def test_a_refusal_of_it_is_a_problem_in_json_though_it_is_written_in_yaml_too(api: Callers) -> None:
    for format in ("json", "yaml", ""):
        refused = api.nobody.get("schema/", **({"format": format} if format else {}))
        assert (refused.status, refused.is_problem) == (401, True), format


def test_it_describes_every_operation_and_its_refusals(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], f"{method} {path}"
            needed = {"400", "401", "403", "404", "422"} | ({"409"} if method in WRITES else set())
            assert needed <= set(operation["responses"]), f"{method} {path}"
            for code in needed:
                content = operation["responses"][code]["content"]
                assert content["application/problem+json"]["schema"]["$ref"] == "#/components/schemas/Problem"


def test_it_asks_every_write_for_its_key_but_signing_in_and_out(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method in WRITES & set(operations):
            names = {parameter["name"] for parameter in operations[method].get("parameters", [])}
            assert ("Idempotency-Key" in names) is not path.startswith("/api/auth/"), path


def test_it_names_every_kind_of_request(schema: dict[str, Any]) -> None:
    ask = schema["components"]["schemas"]["Ask"]
    assert {"adjust", "reverse", "issue"} <= set(ask["discriminator"]["mapping"])


def test_it_is_for_people_who_signed_in(api: Callers) -> None:
    assert api.nobody.get("schema/", format="json").status == 401
    page = Client().get("/api/docs/")
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in/")


def test_its_page_has_a_policy_of_its_own_and_nothing_from_elsewhere(api: Callers, world: World) -> None:
    browser = Client()
    browser.force_login(world.ana)
    page = browser.get("/api/docs/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "script-src 'self';" in page["Content-Security-Policy"] + ";"
    assert "<script>" not in html
    assert "http://" not in html
    assert "https://" not in html
    script = browser.get("/api/docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert b"/api/schema/" in script.content
