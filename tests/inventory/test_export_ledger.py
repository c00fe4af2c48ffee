"""manage.py export_ledger: everything that was recorded and what the database claims, in one file that is whole or not there."""

import hashlib
import json
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.audit.models import RegistryFact
from inventory.models import Anchor, Balance, ContainedPosition, Lot, LotFact, Position
from inventory.verification import ledger_file
from tests.inventory.everything import Everything

pytestmark = pytest.mark.django_db


def export(*arguments: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("export_ledger", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_it_holds_every_record_and_every_claim(full: Everything, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    assert export("--out", str(path))[0] == 0
    head, *rows, end = lines(path)
    counted = {
        "anchor": Anchor.objects.count(),
        "registry": RegistryFact.objects.count(),
        "fact": LotFact.objects.count(),
        "lot": Lot.objects.count(),
        "balance": Balance.objects.count(),
        "position": Position.objects.count(),
        "contained": ContainedPosition.objects.count(),
    }
    kinds = [row["kind"] for row in rows]
    assert {kind: kinds.count(kind) for kind in counted} == counted
    assert head["counts"] == counted | {"eligible": kinds.count("eligible"), "target": 0}
    assert (head["kind"], head["version"], end["kind"]) == ("head", 1, "end")
    assert kinds == sorted(kinds, key=[*head["counts"]].index)  # what was recorded comes before what is claimed
    whole = path.read_bytes()
    assert end["lines"] == len(rows) + 1
    assert end["sha256"] == hashlib.sha256(whole[: whole.rindex(b"\n", 0, -1) + 1]).hexdigest()


def test_a_fact_stands_exactly_as_it_was_hashed(full: Everything, tmp_path: Path) -> None:
    export("--out", str(tmp_path / "ledger.jsonl"))
    facts = [row for row in lines(tmp_path / "ledger.jsonl") if row["kind"] == "fact"]
    assert [row["id"] for row in facts] == sorted(row["id"] for row in facts)
    for fact, row in zip(LotFact.objects.order_by("id"), facts, strict=True):
        assert (row["lot"], row["seq"], row["fact"], row["row"]) == (fact.lot_id, fact.seq, fact.kind, fact.row_id)
        assert (row["body"], row["hash"]) == (fact.body, bytes(fact.hash).hex())


def test_it_says_what_it_wrote_and_how_to_keep_it(full: Everything, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    code, text = export("--out", str(path))
    assert (code, f"{len(lines(path))} lines written to {path}" in text) == (0, True)
    assert "It holds the whole reserve" in text


def test_nobody_else_can_read_the_file(full: Everything, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        export("--out", str(tmp_path / "ledger.jsonl"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ledger.jsonl").stat().st_mode) == 0o600


def test_it_writes_over_a_file_only_when_told_to(full: Everything, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text("kept")
    code, text = export("--out", str(path))
    assert (code, "is there already" in text, path.read_text()) == (2, True, "kept")
    assert export("--out", str(path), "--force")[0] == 0
    assert lines(path)[0]["kind"] == "head"


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(full: Everything, tmp_path: Path) -> None:
    code, text = export("--out", str(tmp_path / "none" / "ledger.jsonl"))
    assert (code, "cannot be written: No such file or directory" in text) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_breaks_off_leaves_nothing_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text("kept")

    def breaks() -> Any:
        yield {"kind": "head"}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger_file.write(path, breaks())
    assert ([file.name for file in tmp_path.iterdir()], path.read_text()) == (["ledger.jsonl"], "kept")
