"""docs/recompute.py agrees with the database about an untouched export, and names what somebody changed in a copy.

Whoever changes a copy also makes its last line anew, so that its checksum fits.
"""

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from config.audit import commands
from inventory import ledger, units
from inventory.ledger.post import Judge, post
from inventory.models import Lot
from inventory.verification import anchors
from reserve import ledger_export
from reserve.demo import loading
from tests.inventory.everything import Everything, everything
from tests.reserve.levels import hold
from tests.world import NOW, World, build

PROGRAM = Path(__file__).resolve().parent.parent.parent / "docs" / "recompute.py"
Line = dict[str, Any]


def recompute(*files: Path) -> tuple[int, str]:
    """Exit code and what was printed, as `python3 -I` runs it: without our path, environment or packages."""
    done = subprocess.run([sys.executable, "-I", str(PROGRAM), *map(str, files)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def seal(path: Path, found: list[Line]) -> Path:
    """Write lines with a last line that fits them."""
    body = b"".join(json.dumps(line).encode() + b"\n" for line in found if line["kind"] != "end")
    end = {"kind": "end", "lines": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
    path.write_bytes(body + json.dumps(end).encode() + b"\n")
    return path


def verdict(world: World, lot: str, verdict: str) -> None:
    row = Lot.objects.get(number=lot)

    def act(opened: commands.Opened) -> commands.Answer:
        return {"movements": len(post(opened, [Judge(lot_id=row.pk, at=opened.now, verdict=verdict)]))}

    world.later(seconds=1)
    commands.run(world.by("dee"), kind="test.post", request={}, act=act)


def stocked(world: World) -> Everything:
    """Every kind of fact, lots in every place and state that counts otherwise, and targets of every kind."""
    full = everything(world)
    proven = world.stock("70.000005", location="ANT-S2")
    verdict(world, proven, "compliant")
    verdict(world, world.stock("3"), "barred")
    world.stock("40", produced_on=date(2021, 11, 30))  # past its day when it is exported, and no job has marked it
    world.stock("10", material="ndfeb-block", location="BRA-S1", who="cem")
    lent = world.stock("50")
    ledger.transfer(by=world.by("ana"), lot=lent, origin="ANT-S1", destination="ANT-LOAN", net=units.enter("20"))
    ledger.transfer(by=world.by("ana"), lot=lent, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("5"))
    hold(world, "1000")
    hold(world, "1000", only_compliant=True, site="ANT")
    hold(world, "10", site="BRA", element="Nd", form="block", basis="contained")
    hold(world, "500", material="nd-oxide")
    hold(world, "500", element="Pr", form="oxide", basis="contained")
    return full


@pytest.fixture(scope="module")
def exported(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Everything, Path, Path]:
    folder = tmp_path_factory.mktemp("export")
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        full = stocked(world)
        ledger_export.write(path=folder / "ledger.jsonl", now=world.later(days=40))
        (folder / "anchors.jsonl").write_text("\n".join(anchors.lines()))
        transaction.set_rollback(True)
    return full, folder / "ledger.jsonl", folder / "anchors.jsonl"


@pytest.fixture
def full(exported: tuple[Everything, Path, Path]) -> Everything:
    return exported[0]


@pytest.fixture
def export(exported: tuple[Everything, Path, Path]) -> Path:
    return exported[1]


def test_it_agrees_about_an_untouched_copy(export: Path, tmp_path: Path) -> None:
    code, text = recompute(export)
    assert (code, "differ" in text) == (0, False), text
    assert {line["kind"] for line in lines(export)} == {
        *("head", "anchor", "registry", "fact", "lot", "balance", "position", "contained", "eligible", "target", "end")
    }
    assert {line["fact"] for line in lines(export) if line["kind"] == "fact"} == {
        *("lot", "parent", "movement", "condition", "assay", "retest", "allocation", "count", "freeze")
    }
    counted = [line["eligible_mg"] for line in lines(export) if line["kind"] == "target"]
    assert len(counted) == 5
    assert all(counted)
    assert len(set(counted)) == 5
    assert recompute(seal(tmp_path / "copy.jsonl", lines(export))) == (0, text)


def test_it_agrees_about_an_empty_ledger(world: World, tmp_path: Path) -> None:
    ledger_export.write(path=tmp_path / "ledger.jsonl", now=world.now)
    code, text = recompute(tmp_path / "ledger.jsonl")
    assert (code, "fact: 0 lines, agrees" in text) == (0, True), text


@pytest.mark.long
def test_it_agrees_about_the_demo(db: None, tmp_path: Path) -> None:
    loading.load(now=NOW, mode="trial", tell=lambda _: None)
    ledger_export.write(path=tmp_path / "ledger.jsonl", now=NOW)
    code, text = recompute(tmp_path / "ledger.jsonl")
    assert code == 0, text
    found = lines(tmp_path / "ledger.jsonl")
    mended = next(line for line in found if line["kind"] == "contained" and line["contained_mg"])
    mended["contained_mg"] += 1
    code, text = recompute(seal(tmp_path / "ledger.jsonl", found))
    assert (code, "contained_mg is claimed to be" in text) == (1, True)


def test_it_agrees_with_the_anchors_that_left_the_machine(
    exported: tuple[Everything, Path, Path], tmp_path: Path
) -> None:
    _, export, sent = exported
    assert recompute(export, sent)[0] == 0
    (line,) = lines(sent)
    other = tmp_path / "anchors.jsonl"
    other.write_text(json.dumps(line | {"hash": "00" * 32}) + "\n")
    assert "anchor 1 is not the one that left the machine" in recompute(export, other)[1]


# ---- what somebody changed ------------------------------------------------------------------------------------------


def body(line: Line, **changes: Any) -> None:
    line["body"] = json.dumps(json.loads(line["body"]) | changes)


def transfer(found: list[Line], full: Everything) -> int:
    """Where the transfer of the old lot stands."""
    return next(n for n, line in enumerate(found) if (line.get("fact"), line.get("row")) == ("movement", full.transfer))


def first(found: list[Line], kind: str, what: str) -> Line:
    return next(line for line in found if line["kind"] == kind and line[what])


def chained(found: list[Line]) -> None:
    """Every chain of a lot made anew, as a superuser would."""
    ends: dict[int, str] = {}
    for line in found:
        if line["kind"] == "fact":
            text = "\n".join(map(str, [line[name] for name in ("lot", "seq", "fact", "row", "body")]))
            line["hash"] = hashlib.sha256(f"{ends.get(line['lot'], '')}\n{text}".encode()).hexdigest()
            ends[line["lot"]] = line["hash"]


def mass(found: list[Line], full: Everything) -> None:
    line = found[transfer(found, full)]
    body(line, net_mg=json.loads(line["body"])["net_mg"] - 1)


def receipt(found: list[Line], full: Everything) -> None:
    lot = found[transfer(found, full)]["lot"]
    line = next(line for line in found if (line.get("fact"), line.get("lot")) == ("movement", lot))
    body(line, net_mg=json.loads(line["body"])["net_mg"] + 1000)


def mass_and_every_hash(found: list[Line], full: Everything) -> None:
    mass(found, full)
    chained(found)


def removed(found: list[Line], full: Everything) -> None:
    del found[transfer(found, full)]


def cut(found: list[Line], full: Everything) -> None:
    """The old lot's last fact, which no balance depends on."""
    lot = found[transfer(found, full)]["lot"]
    del found[max(n for n, line in enumerate(found) if line["kind"] == "fact" and line["lot"] == lot)]


def swapped(found: list[Line], full: Everything) -> None:
    at = transfer(found, full)
    found[at], found[at + 1] = found[at + 1], found[at]


def added(kind: str, what: str) -> Callable[[list[Line], Everything], None]:
    def change(found: list[Line], full: Everything) -> None:
        first(found, kind, what)[what] += 1

    return change


def gone(kind: str, what: str) -> Callable[[list[Line], Everything], None]:
    def change(found: list[Line], full: Everything) -> None:
        found.remove(first(found, kind, what))

    return change


def anchor(found: list[Line], full: Everything) -> None:
    line = first(found, "anchor", "body")
    said = json.loads(line["body"])["facts"]
    body(line, facts=said | {"rows": said["rows"] - 1})


def store_becomes_a_consumer(found: list[Line], full: Everything) -> None:
    place = next(line for line in found if '"ANT-S2"' in line.get("body", ""))
    body(place, kind="consumer")


def invented(found: list[Line], full: Everything) -> None:
    """A position that no lot feeds."""
    line = first(found, "position", "net_mg")
    found.insert(found.index(line), line | {"condition": "S"})


# what is done -> what must be said, of each line a part ({old} is a lot's number, {transfer} a movement's)
CHANGES: dict[str, tuple[Callable[[list[Line], Everything], None], list[str]]] = {
    "mass of a movement": (
        mass,
        [
            "lot {old}: fact 6 (movement {transfer}) does not match its hash",
            "lot {old}, location ANT-S2: net_mg is claimed to be 300000001, the facts come to 300000000",
            "lot {old}, location ANT-S1: net_mg is claimed",
        ],
    ),
    "mass of a receipt": (
        receipt,
        [
            "lot {old}: fact 4 (movement",
            "material ndpr-oxide, site ANT, place store, condition A, verdict unknown: net_mg is claimed",
            "material ndpr-oxide, element Nd, site ANT: eligible_mg is claimed",
        ],
    ),
    "mass of a movement, and all hashes after it": (
        mass_and_every_hash,
        ["anchor 1 covers", "lot {old}, location ANT-S2: net_mg is claimed to be 300000001"],
    ),
    "a line out of the middle of a chain": (
        removed,
        ["lot {old}: fact 7 (movement", "comes after 5: what lies between is missing", "anchor 1 covers"],
    ),
    "the last fact of a lot": (cut, ["lot {old}: last_seq is claimed to be", "the facts come to"]),
    "two facts change places": (swapped, ["comes after 5: what lies between is missing, or the order is another"]),
    "a balance": (added("balance", "net_mg"), ["location ANT-S1: net_mg is claimed to be"]),
    "what is allocated": (added("balance", "allocated_mg"), ["allocated_mg is claimed to be 5000001, the facts come"]),
    "a position": (added("position", "free_mg"), ["free_mg is claimed to be"]),
    "a count of lots": (added("position", "lots"), ["verdict unknown: lots is claimed to be"]),
    "a contained position": (added("contained", "contained_mg"), ["element Nd, site ANT", "contained_mg is claimed"]),
    "an eligible figure": (added("eligible", "eligible_mg"), ["eligible_mg is claimed to be"]),
    "a compliant figure": (added("eligible", "compliant_mg"), ["compliant_mg is claimed to be 70000006, the facts"]),
    "what counts for a target": (added("target", "eligible_mg"), ["target ", "eligible_mg is claimed to be"]),
    "a balance is left out": (gone("balance", "net_mg"), ["net_mg is claimed to be 0, the facts come to"]),
    "a target is left out": (gone("target", "eligible_mg"), ["eligible_mg is claimed to be 0, the facts come to"]),
    "a position is invented": (invented, ["condition S, verdict unknown: net_mg is claimed to be"]),
    "an anchor": (anchor, ["anchor 1 does not match its hash", "anchor 1 covers"]),
    "a location": (store_becomes_a_consumer, ["(insert inventory_location", "does not match its hash"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_names_what_was_changed(change: str, export: Path, full: Everything, tmp_path: Path) -> None:
    tamper, sentences = CHANGES[change]
    found = lines(export)
    tamper(found, full)
    code, text = recompute(seal(tmp_path / "copy.jsonl", found))
    assert code == 1, text
    for sentence in sentences:
        assert sentence.format(old=full.old, transfer=full.transfer) in text


def test_it_names_twenty_of_a_kind_and_counts_the_rest(export: Path, tmp_path: Path) -> None:
    found = lines(export)
    for line in found:
        if line["kind"] == "registry":
            line["hash"] = "00" * 32
    code, text = recompute(seal(tmp_path / "copy.jsonl", found))
    registered = sum(line["kind"] == "registry" for line in found)
    assert (code, text.count(" does not match its hash")) == (1, 20)
    assert f"registry: {registered} lines, {registered} differ" in text


def test_it_notices_a_change_whose_checksum_was_not_made_anew(export: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(export.read_bytes().replace(b'"kind": "lot", ', b'"kind":  "lot", ', 1))
    code, text = recompute(copy)
    assert (code, "the lines are not those that were written" in text) == (1, True)


# ---- what cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[:-200], "is cut off"),
        (lambda text: b"".join(text.splitlines(keepends=True)[:-1]), "its end is missing"),
        (lambda text: b"", "cut off after line 0: its end is missing"),
        (lambda text: b"%PDF-1.7\n" + text, "line 1 is no line of an export: JSONDecodeError"),
        (lambda text: text.replace(b'"version": 1', b'"version": 2'), "head of version 2 is not known here"),
        (lambda text: text.split(b"\n", 1)[1], "is not known here"),
        (lambda text: text.replace(b'"kind": "fact"', b'"kind": "hearsay"', 1), "hearsay of version 1 is not known"),
        (lambda text: text.replace(b'"seq": 7', b'"sequel": 7', 1), "is no line of an export: KeyError('seq')"),
        (lambda text: text.replace(b'"kind": "fact"', b'"kind": ["fact"]', 1), "is no line of an export: TypeError"),
    ],
)
def test_it_says_which_line_it_cannot_read_and_why(
    spoil: Callable[[bytes], bytes], said: str, export: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(spoil(export.read_bytes()))
    code, text = recompute(copy)
    assert (code, said in text) == (2, True), text
    assert "Traceback" not in text


def test_it_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    code, text = recompute(tmp_path / "none.jsonl")
    assert (code, "No such file" in text, "Traceback" in text) == (2, True, False)
    assert recompute()[0] == 2


# ---- what an auditor can read in an afternoon -------------------------------------------------------------------------


def test_it_is_short_and_needs_the_standard_library_only() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    assert text.count("\n") <= 200
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names
