"""Every write that the API's description names, with absurd values in every field it names: refused, and never a failure."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.platform import absurd
from tests.rest import Callers
from tests.world import World

pytestmark = pytest.mark.long

# Some for each kind of value; a field of any type takes none of them.
VALUES: list[Any] = [
    "\x00",
    "a\u202eb",
    "x" * 5_000,
    "1e400",
    "NaN",
    "\u0663.\u0665",
    "9" * 400,
    -(10**30),
    1.5,
    True,
    [],
    [[]],
    {},
    {"a": {"b": []}},
]
PATH = {
    "number": "RE-26-99999",
    "code": "nobody",
    "id": "999999",
    "pk": "999999",
    "line_id": "999999",
    "symbol": "Nd",
    "username": "nobody",
}
SIGNERS = {
    "orders": "pia",
    "suppliers": "pia",
    "deliveries": "ana",
    "receipts": "ana",
    "movements": "ana",
    "people": "adm",
    "kept": "adm",
    "materials": "adm",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return described


def writes(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and the properties of the body of every write that takes one."""
    for path, operations in schema["paths"].items():
        if path.startswith("/api/auth/"):  # counts what fails there, and has tests of its own
            continue
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                for body in bodies(schema, content["schema"]):
                    yield method, path, body


def bodies(schema: dict[str, Any], part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in part:
        yield from bodies(schema, schema["components"]["schemas"][part["$ref"].rpartition("/")[2]])
    elif "oneOf" in part:
        for one in part["oneOf"]:
            yield from bodies(schema, one)
    else:
        yield part.get("properties", {})


def plausible(part: dict[str, Any]) -> Any:
    """A value of the right shape, so that the other fields do not stand in the way."""
    shapes = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    if "enum" in part:
        return part["enum"][0]
    if "oneOf" in part or "allOf" in part:
        return "1"
    by_format = {"date": "2026-11-01", "date-time": "2026-11-01T09:00:00Z"}
    return by_format.get(part.get("format", ""), shapes.get(part.get("type", ""), "x"))


def test_it_knows_every_write(schema: dict[str, Any]) -> None:
    assert len(list(writes(schema))) > 20


def test_it_refuses_every_absurd_value_in_every_field_that_is_described(
    schema: dict[str, Any], api: Callers, world: World
) -> None:
    before, taken = absurd.holdings(), []
    for method, path, properties in writes(schema):
        fine = {name: plausible(part) for name, part in properties.items()}
        caller = getattr(api, SIGNERS.get(path.split("/")[2], "dee"))
        for name in properties:
            for value in VALUES:
                if value == plausible(properties[name]) or (value == [] and properties[name].get("type") == "array"):
                    continue
                body = {**copy.deepcopy(fine), name: value}
                answer = caller.write(method, path.removeprefix("/api/").format_map(PATH), body)
                if not (400 <= answer.status < 500 and answer.is_problem):
                    taken.append((method, path, name, str(value)[:30], answer.status))
    assert taken == []
    assert absurd.holdings() == before
