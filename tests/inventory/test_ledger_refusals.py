"""What the ledger refuses: each by a name of its own, with a sentence that says what to do, and a test that provokes it."""

from pathlib import Path

import pytest

from config.audit.refused import Refused
from inventory.ledger import refusals

ALL = sorted(
    name
    for name, found in vars(refusals).items()
    if isinstance(found, type) and issubclass(found, Refused) and found is not Refused
)


@pytest.mark.parametrize("name", ALL)
def test_each_is_provoked_by_a_test(name: str) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path("tests/inventory").glob("test_ledger_*.py"))
    assert f"refusals.{name}" in tests


@pytest.mark.parametrize("name", ALL)
def test_each_has_a_code_a_status_and_a_sentence(name: str) -> None:
    refusal = getattr(refusals, name)
    assert refusal.code != Refused.code
    assert refusal.status in (403, 404, 409, 422)
    assert refusal.template.endswith((".", "}"))
