"""Absurd values in every field of every write of the API: a clear refusal, nothing written, never a failure of ours."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from inventory.models import Movement
from tests.platform import absurd
from tests.rest import Answer, Callers
from tests.world import World

pytestmark = pytest.mark.long

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Write:
    """One write: who sends it where, a body that is fine, and for each field the values that it must not take."""

    who: str
    path: str
    body: dict[str, Any]
    fields: dict[Path, list[Any]]
    needed: frozenset[str] = frozenset()


ASSAY = {"lab": "Lab A", "method": "ICP", "sampled_on": "2026-11-01", "fractions": {"Nd": "0.85"}}
ASSAY_FIELDS: dict[Path, list[Any]] = {
    ("lab",): [*absurd.NOT_TEXT, ""],
    ("method",): absurd.NOT_TEXT,
    ("sampled_on",): absurd.NOT_A_DAY,
    ("fractions",): absurd.NOT_FRACTIONS,
    ("moisture_pct",): absurd.NOT_A_PERCENT,
}
NET: dict[Path, list[Any]] = {
    ("net_kg",): absurd.NOT_A_MASS,
    ("net_quantity",): absurd.NOT_A_MASS,
    ("net_unit",): absurd.NOT_A_WORD,
}


def writes(lot: str, other: str, movement: int, request: int) -> dict[str, Write]:
    return {
        "receipt": Write(
            "ana",
            "receipts/",
            {"material": "nd-oxide", "location": "ANT-S1", "net_kg": "5", "assays": [ASSAY]},
            {
                **NET,
                ("material",): absurd.UNKNOWN,
                ("site",): [*absurd.UNKNOWN, "BRA"],
                ("location",): [*absurd.UNKNOWN, "BRA-S1", "ANT-TRAN", "ANT-LOSS"],
                ("lot_number",): [*absurd.NOT_TEXT, lot, lot.lower(), f" {lot}", "a/b", "\ufdfa" * 40],
                ("supplier_lot",): absurd.NOT_TEXT,
                ("produced_on",): [*absurd.NOT_A_DAY, "2026-11-03", "2999-01-01"],
                ("occurred_at",): absurd.NOT_A_MOMENT,
                ("moisture_pct",): absurd.NOT_A_PERCENT,
                ("reason",): absurd.NOT_TEXT,
                ("containers",): [*absurd.NOT_A_LIST, [{}], [1], [[[]]], ["\x00"]],
                ("provenance",): [*absurd.NOT_A_LIST, [{"stage": "mining"}], [None]],
                ("assays",): [*absurd.NOT_A_LIST, [1], ["x"], [[]], [{}], [ASSAY, ASSAY]],
                **{("assays", 0, *path): values for path, values in ASSAY_FIELDS.items()},
                ("lot",): ["x"],
                ("constructor",): [{}],
            },
            frozenset({"material", "location", "net_kg", "lab", "fractions"}),
        ),
        "transfer": Write(
            "ana",
            "movements/",
            {"lot": lot, "kind": "transfer", "origin": "ANT-S1", "destination": "ANT-S2", "net_kg": "1"},
            {
                **NET,
                ("lot",): [*absurd.UNKNOWN, other],
                ("kind",): [*absurd.NOT_A_WORD, "issue", "receive", "reverse"],
                ("origin",): [*absurd.UNKNOWN, "ANT-S2", "BRA-S1", "ANT-SUPP", "ANT-QUAR"],
                ("destination",): [*absurd.UNKNOWN, "ANT-S1", "BRA-S1", "ANT-SAMP", "ANT-CONS"],
                ("reason",): absurd.NOT_TEXT,
                ("occurred_at",): [*absurd.NOT_A_MOMENT, "2026-11-01T09:00:00Z"],
                ("seen_seq",): absurd.NOT_A_WHOLE,
                ("id",): [1],
            },
            frozenset({"lot", "kind", "origin", "destination", "net_kg"}),
        ),
        "sample": Write(
            "ana",
            "movements/",
            {"lot": lot, "kind": "sample", "origin": "ANT-S1", "net_kg": "1"},
            {**NET, ("origin",): absurd.UNKNOWN, ("destination",): ["ANT-S2", *absurd.NOT_TEXT]},
            frozenset({"origin", "net_kg"}),
        ),
        "count": Write(
            "ana",
            "counts/",
            {"lot": lot, "location": "ANT-S1", "net_kg": "10", "seals": "intact"},
            {
                **NET,
                ("net_kg",): absurd.NOT_FOUND_MASS,
                ("net_quantity",): absurd.NOT_FOUND_MASS,
                ("lot",): [*absurd.UNKNOWN, other],
                ("location",): [*absurd.UNKNOWN, "ANT-S2", "BRA-S1", "ANT-LOSS"],
                ("seals",): absurd.NOT_A_WORD,
                ("remarks",): absurd.NOT_TEXT,
                ("occurred_at",): [*absurd.NOT_A_MOMENT, "2026-11-01T09:00:00Z"],
                ("seen_seq",): absurd.NOT_A_WHOLE,
                ("book_kg",): ["1"],
            },
            frozenset({"lot", "location", "net_kg", "seals"}),
        ),
        "adjust": Write(
            "ana",
            "requests/",
            {"kind": "adjust", "lot": lot, "location": "ANT-S1", "net_kg": "1", "gain": False, "reason": "Spilt"},
            {
                **NET,
                ("lot",): [*absurd.UNKNOWN, other],
                ("kind",): absurd.NOT_A_WORD,
                ("location",): [*absurd.UNKNOWN, "BRA-S1", "ANT-LOSS"],
                ("gain",): absurd.NOT_YES_OR_NO,
                ("reason",): [*absurd.NOT_TEXT, "", " ", "\n"],
                ("occurred_at",): absurd.NOT_A_MOMENT,
                ("seen_seq",): absurd.NOT_A_WHOLE,
            },
            frozenset({"lot", "kind", "location", "gain", "reason", "net_kg"}),
        ),
        "reverse": Write(
            "ana",
            "requests/",
            {"kind": "reverse", "movement": movement, "reason": "Wrong"},
            {("movement",): [*absurd.NOT_A_WHOLE, 0, 2**63 - 1, 2**63], ("reason",): [*absurd.NOT_TEXT, ""]},
            frozenset({"movement", "reason"}),
        ),
        "issue": Write(
            "pia",
            "requests/",
            {"kind": "issue", "lot": lot, "origin": "ANT-S1", "net_kg": "1", "reason": "Sold"},
            {**NET, ("lot",): absurd.UNKNOWN, ("origin",): [*absurd.UNKNOWN, "ANT-QUAR"], ("reason",): absurd.NOT_TEXT},
            frozenset({"lot", "origin", "reason", "net_kg"}),
        ),
        "approve": Write(
            "dee", f"requests/{request}/approve/", {"note": "x"}, {("note",): absurd.NOT_TEXT, ("x",): [1]}
        ),
        "refuse": Write(
            "dee",
            f"requests/{request}/refuse/",
            {"note": "x"},
            {("note",): [*absurd.NOT_TEXT, ""]},
            frozenset(["note"]),
        ),
        "withdraw": Write("ana", f"requests/{request}/withdraw/", {}, {("note",): ["x"]}),
        "condition": Write(
            "dee",
            f"lots/{lot}/condition/",
            {"condition": "L", "reason": "Dispute"},
            {
                ("condition",): [*absurd.NOT_A_WORD, "a", "AB", "A "],
                ("reason",): absurd.NOT_TEXT,
                ("seen_seq",): absurd.NOT_A_WHOLE,
                ("verdict",): ["compliant"],
            },
            frozenset({"condition"}),
        ),
        "assay": Write("ana", f"lots/{lot}/assay/", ASSAY, ASSAY_FIELDS, frozenset(["lab", "fractions"])),
        "retest": Write(
            "ana",
            f"lots/{lot}/retest/",
            {"performed_on": "2026-11-02", "passed": True, "next_due_on": "2027-01-01"},
            {
                ("performed_on",): [*absurd.NOT_A_DAY, None, "2026-11-03", "2020-01-01"],
                ("passed",): [*absurd.NOT_YES_OR_NO, None],
                ("next_due_on",): [*absurd.NOT_A_DAY, "2026-11-02", "2026-11-01"],
                ("lab",): absurd.NOT_TEXT,
                ("note",): absurd.NOT_TEXT,
                ("seen_seq",): absurd.NOT_A_WHOLE,
            },
            frozenset({"performed_on", "passed"}),
        ),
        "split": Write(
            "ana",
            f"lots/{lot}/split/",
            {"location": "ANT-S1", "parts": [{"net_kg": "1"}]},
            {
                **{("parts", 0, *path): values for path, values in NET.items()},
                ("location",): [*absurd.UNKNOWN, "ANT-S2", "BRA-S1"],
                ("parts",): [
                    *absurd.NOT_A_LIST,
                    [],
                    [1],
                    [[]],
                    [{}],
                    [{"net_kg": "1"}] * 51,
                    [{"net_kg": "6"}, {"net_kg": "6"}],
                ],
                ("parts", 0, "number"): [*absurd.NOT_TEXT, lot, "a/b", "\ufdfa" * 40],
                ("parts", 0, "lot"): ["x"],
                ("reason",): absurd.NOT_TEXT,
            },
            frozenset({"location", "parts", "net_kg"}),
        ),
    }


NAMES = list(writes("", "", 0, 0))


@pytest.fixture
def the(world: World, api: Callers) -> Callable[[str], Write]:
    lot = world.stock("10", lot_number="Lot A")
    other = world.stock("10", location="BRA-S1", who="cem")
    movement = Movement.objects.get(lot__number=lot).pk
    asked = api.ana.post("requests/", {"kind": "reverse", "movement": movement, "reason": "x"})
    made = writes(lot, other, movement, asked["id"])
    return lambda name: made[name]


def with_value(body: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(body)
    spot = changed
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    if path[-1] in {"net_quantity", "net_unit"}:
        spot.pop("net_kg", None)
        spot.setdefault("net_quantity", "1")
        spot.setdefault("net_unit", "kg")
    return dict(changed)


def cases(write: Write) -> Iterator[tuple[Path, Any]]:
    for path, values in write.fields.items():
        yield from ((path, value) for value in values)
        if path[-1] in write.needed:
            yield path, None


def optional(write: Write) -> set[str]:
    """The fields of the top level that may be left out, but for the two ways to state a mass."""
    known = {str(path[0]) for path in write.fields if len(path) == 1}
    return known - write.needed - {"net_quantity", "net_unit", "constructor", "id", "verdict", "lot"}


def refused(answer: Answer) -> bool:
    return 400 <= answer.status < 500 and answer.is_problem and bool(answer["message"])


@pytest.mark.parametrize("name", NAMES)
def test_it_refuses_every_absurd_value_in_every_field_and_writes_nothing(
    the: Callable[[str], Write], api: Callers, name: str
) -> None:
    write = the(name)
    caller, before = getattr(api, write.who), absurd.holdings()
    taken = []
    for path, value in cases(write):
        answer = caller.post(write.path, with_value(write.body, path, value))
        if not refused(answer):
            taken.append((path, value, answer))
    assert not taken
    assert absurd.holdings() == before


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_the_body_that_is_fine(the: Callable[[str], Write], api: Callers, name: str) -> None:
    """The negative control: what is refused above is refused for the value that was changed."""
    write = the(name)
    answer = getattr(api, write.who).post(write.path, write.body)
    assert answer.status in (200, 201), answer


@pytest.mark.parametrize("name", ["receipt", "adjust", "condition", "retest", "split"])
def test_it_takes_null_for_what_is_left_out(the: Callable[[str], Write], api: Callers, name: str) -> None:
    write = the(name)
    body = write.body
    for field in optional(write):
        body = with_value(body, (field,), None)
    assert None in body.values()
    answer = getattr(api, write.who).post(write.path, body)
    assert answer.status in (200, 201), answer


RAW = [
    b"",
    b"null",
    b"[]",
    b'[{"material": "nd-oxide"}]',
    b'"text"',
    b"5",
    b"{",
    b"{]",
    b'{"note": "\xff"}',
    b'{"note": "\\ud800"}',
    b'{"\\ud800": "x"}',
    b'{"note": NaN}',
    b'{"note": 1e400}',
    b'{"note": 1, "note": 2}',
    b'{"kind": "adjust", "kind": "issue"}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"note":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"note": "' + b"x" * 1_000_000 + b'"}',
    b'{"note": ' + b"9" * 100_000 + b"}",
    b"{" + b",".join(b'"f%d": 1' % n for n in range(50_000)) + b"}",
    b"x" * (1024 * 1024 + 1),
]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"approve", "withdraw"}])
def test_it_refuses_every_body_that_is_not_one(the: Callable[[str], Write], api: Callers, name: str) -> None:
    write = the(name)
    before = absurd.holdings()
    for raw in RAW:
        headers = {"Idempotency-Key": "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"}
        answer = getattr(api, write.who).send("POST", write.path, raw, headers=headers)
        assert refused(answer), (raw[:50], answer)
        assert len(json.dumps(answer.body)) < 20_000, "A refusal is no echo."
    assert absurd.holdings() == before


@pytest.mark.parametrize("name", NAMES)
def test_it_needs_a_key_before_it_reads_anything(the: Callable[[str], Write], api: Callers, name: str) -> None:
    write = the(name)
    before = absurd.holdings()
    for key in ("", "x", "0" * 36, "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c0g"):
        answer = getattr(api, write.who).post(write.path, write.body, key=key or " ")
        assert (answer.status, answer["code"]) == (400, "idempotency_key_needed")
    assert absurd.holdings() == before


@pytest.mark.parametrize(
    "number",
    ["%E2%80%AE", "x" * 5000, "%EF%B7%BA" * 40, "..%2f..", "' OR 1=1 --", "%F0%9F%92%A3", "%ED%A0%80", "%C0%80"],
)
def test_it_finds_no_lot_by_an_absurd_number(the: Callable[[str], Write], api: Callers, number: str) -> None:
    before = absurd.holdings()
    for act, name in (
        ("", ""),
        ("condition/", "condition"),
        ("assay/", "assay"),
        ("retest/", "retest"),
        ("split/", "split"),
    ):
        caller = getattr(api, the(name).who) if name else api.ana
        answer = caller.post(f"lots/{number}/{act}", the(name).body) if name else caller.get(f"lots/{number}/")
        assert 400 <= answer.status < 500
        assert answer.is_problem
    assert absurd.holdings() == before


QUERY = [
    "\x00",
    "\u202e",
    "a" * 5000,
    "%",
    "'",
    "\\",
    "\ufdfa" * 80,
    "\U0001f4a3",
    "-1",
    "NaN",
    "1e400",
    "9" * 50,
    "[]",
    "{}",
    "null",
    "١",
]
LISTS = {
    "lots/": ["element", "form", "material", "site", "place", "condition", "verdict", "search", "received_after", "due_before",
              "below_target", "held", "order", "cursor", "limit"],
    "movements/": ["lot", "kind", "cursor", "limit"],
    "requests/": ["state", "subject", "cursor", "limit"],
    "positions/": ["as_of", "as_known_on", "element", "form", "site"],
    "materials/": ["element", "form"],
    "locations/": ["site", "kind"],
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_it_fails_for_no_absurd_filter(api: Callers, world: World, path: str) -> None:
    world.stock("1")
    for name in LISTS[path]:
        for value in QUERY:
            answer = api.ana.get(path, **{name: value})
            assert answer.status in (200, 400, 404, 422), (name, value, answer)
            assert answer.status == 200 or answer.is_problem
