"""manage.py verify_ledger: prints what it looked at, exits with 1 and a list when anything differs."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Anchor
from tests.inventory.everything import Everything
from tests.inventory.round_the_door import as_superuser, run

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_it_says_what_it_looked_at(full: Everything) -> None:
    code, text = verify()
    assert code == 0
    assert "Chains hold: yes" in text
    assert "The ledger holds together" in text
    for what in ("movements", "balances", "position entries", "facts in chains", "commands", "anchors", "lots"):
        assert f" {what}\n" in text


def test_it_exits_with_1_and_names_what_differs(full: Everything) -> None:
    with as_superuser():
        run("UPDATE inventory_movement SET net_mg = net_mg + 1 WHERE id = %s", full.transfer)
    code, text = verify()
    assert code == 1
    assert f"  balance: lot {full.old} at ANT-S2" in text
    assert "The ledger differs in" in text


def test_it_writes_anchors_and_compares_with_them(full: Everything, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    assert verify("--anchor-out", str(file))[0] == 0
    (line,) = file.read_text().splitlines()
    assert set(json.loads(line)) == {"seq", "made_at", "body", "hash"}
    code, text = verify("--against", str(file))
    assert (code, "Exported anchors are here: yes" in text) == (0, True)


def test_it_anchors_what_is_new_when_all_holds(full: Everything, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    full_before = Anchor.objects.count()
    code, text = verify("--anchor", "--anchor-out", str(file))
    assert (code, f"Anchor {full_before + 1} made." in text) == (0, True)
    assert len(file.read_text().splitlines()) == full_before + 1
    assert "Anchor" not in verify("--anchor")[1].replace("Anchors hold", "")


def test_it_anchors_nothing_that_differs(full: Everything) -> None:
    before = Anchor.objects.count()
    with as_superuser():
        run("UPDATE inventory_movement SET net_mg = net_mg + 1 WHERE id = %s", full.transfer)
    assert verify("--anchor")[0] == 1
    assert Anchor.objects.count() == before


def test_it_names_anchors_that_were_made_anew_to_fit(full: Everything, tmp_path: Path) -> None:
    """A superuser who rewrites the past and all anchors after it is found by the file that was sent away."""
    file = tmp_path / "anchors.jsonl"
    verify("--anchor-out", str(file))
    with as_superuser():
        run("DELETE FROM inventory_anchor")
    assert verify()[0] == 0
    code, text = verify("--against", str(file))
    assert code == 1
    assert "anchor: exported anchor 1 is not in the database" in text


def test_it_says_that_a_file_cannot_be_read_or_written(full: Everything, tmp_path: Path) -> None:
    code, text = verify("--against", str(tmp_path / "none.jsonl"))
    assert (code, "cannot be read" in text) == (2, True)
    code, text = verify("--anchor-out", str(tmp_path / "none" / "anchors.jsonl"))
    assert (code, "cannot be written" in text) == (2, True)
