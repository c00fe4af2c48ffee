"""Absurd values in every field of every form: the form comes back and says why, nothing is written, nothing fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from inventory import ledger, units
from inventory.models import Movement
from tests.platform import absurd
from tests.world import World

pytestmark = pytest.mark.long


def texts(values: list[Any]) -> list[str]:
    """A form sends text only, and what is empty is left out."""
    return [value for value in values if isinstance(value, str) and value.strip()]


TEXT = texts(absurd.NOT_TEXT)
MASS = texts(absurd.NOT_A_MASS)
PERCENT = ["-1", "100.1", "0.123456789", *texts(absurd.NOT_A_NUMBER)]
WORD = texts(absurd.NOT_A_WORD)
PLACE = [*TEXT, "NO-SUCH", "BRA-S1", "ANT-LOSS", "../etc", "' OR 1=1 --"]
DAY = texts(absurd.NOT_A_DAY)
MOMENT = ["now", "2026-11-02T25:00", "2026-11-02T09:06", "2030-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00",
          "0001-01-01T00:00:00+14:00", "1899-12-31T23:59", "\u0662026-11-02T09:00", "2026-11-02T09:00\x00", "9" * 40]  # fmt: skip
WHOLE = ["-1", "0", "1.5", "1e3", "999", "9" * 19, "9" * 40, "9" * 5000, "x", "\x00"]
KEY = [
    "",
    "x",
    "0",
    "{3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00}",
    "3f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c0g",
    "a" * 5000,
    "\x00",
]
ACT: dict[str, list[str]] = {"key": KEY, "seen_seq": [*WHOLE, ""], "reason": TEXT}
NET: dict[str, list[str]] = {"quantity": [*MASS, ""], "unit": [*WORD, "mtu", "flask", ""]}


@dataclass(frozen=True)
class Form:
    """One form: who sends it where, what is fine, and for each field the values that it must not take."""

    who: str
    path: str
    fine: dict[str, str]
    fields: dict[str, list[str]]


ASSAY: dict[str, list[str]] = {
    "lab": TEXT,
    "method": TEXT,
    "sampled_on": DAY,
    "element_1": [*WORD, "Zz"],
    "percent_1": [*PERCENT, "0"],
    "percent_2": ["20", *PERCENT],
}
PAPERS = {"lab": "Lab A", "element_1": "Nd", "percent_1": "85", "element_2": "Pr", "percent_2": "0.1"}
FORMS = {
    "receive": Form(
        "ana",
        "/receive/",
        {"material": "nd-oxide", "location": "ANT-S1", "quantity": "5", "unit": "kg", **PAPERS},
        {
            **NET,
            **ASSAY,
            "key": KEY,
            "material": [*TEXT, "unobtainium", ""],
            "location": [*PLACE, "ANT-TRAN", ""],
            "supplier_lot": TEXT,
            "lot_number": [*TEXT, "Lot A", "LOT A", "\uff2c\uff2f\uff34 a", "a/b", "\ufdfa" * 40],
            "produced_on": [*DAY, "2026-11-03"],
            "occurred_at": MOMENT,
            "moisture_pct": [*PERCENT, "1"],
            "reason": TEXT,
        },
    ),
    "transfer": Form(
        "ana",
        "/lots/Lot A/transfer/",
        {"origin": "ANT-S1", "destination": "ANT-S2", "quantity": "1", "unit": "kg"},
        {
            **ACT,
            **NET,
            "origin": [*PLACE, "ANT-S2", "ANT-SUPP", ""],
            "destination": [*PLACE, "ANT-S1", "ANT-SAMP", ""],
            "occurred_at": [*MOMENT, "2026-11-01T09:00"],
        },
    ),
    "sample": Form(
        "ana",
        "/lots/Lot A/sample/",
        {"origin": "ANT-S1", "quantity": "1", "unit": "kg"},
        {**ACT, **NET, "origin": [*PLACE, ""], "occurred_at": MOMENT},
    ),
    "count": Form(
        "ana",
        "/lots/Lot A/count/",
        {"location": "ANT-S1", "quantity": "10", "unit": "kg", "seals": "intact"},
        {
            "key": KEY,
            "seen_seq": ACT["seen_seq"],
            "unit": NET["unit"],
            "quantity": [*texts(absurd.NOT_FOUND_MASS), ""],
            "location": [*PLACE, "ANT-S2", ""],
            "seals": [*WORD, ""],
            "occurred_at": [*MOMENT, "2026-11-01T09:00"],
            "remarks": TEXT,
        },
    ),
    "split": Form(
        "ana",
        "/lots/Lot A/split/",
        {"location": "ANT-S1", "unit": "kg", "quantity_1": "1", "quantity_2": "1", "reason": "Wet"},
        {
            **ACT,
            "unit": NET["unit"],
            "location": [*PLACE, "ANT-S2", ""],
            "quantity_1": [*MASS, "", "9.5"],
            "quantity_2": [*MASS, "9.5"],
            "number_1": [*TEXT, "Lot A", "a/b", "\ufdfa" * 40],
            "number_3": ["X"],
            "reason": [*TEXT, ""],
        },
    ),
    "adjust": Form(
        "ana",
        "/lots/Lot A/adjust/",
        {"location": "ANT-S1", "gain": "loss", "quantity": "1", "unit": "kg", "reason": "Spilt"},
        {**ACT, **NET, "location": [*PLACE, ""], "gain": [*WORD, ""], "reason": [*TEXT, ""], "occurred_at": MOMENT},
    ),
    "reverse": Form(
        "ana",
        "/lots/Lot A/reverse/",
        {"movement": "MOVEMENT", "reason": "Wrong lot"},
        {"key": KEY, "movement": [*WHOLE, ""], "reason": [*TEXT, ""]},
    ),
    "condition": Form(
        "dee",
        "/lots/Lot A/condition/",
        {"condition": "L", "reason": "In dispute"},
        {**ACT, "condition": [*WORD, "a", "AB", ""], "reason": [*TEXT, ""]},
    ),
    "assay": Form("ana", "/lots/Lot A/assay/", PAPERS, {**ASSAY, "key": KEY, "seen_seq": ACT["seen_seq"]}),
    "retest": Form(
        "ana",
        "/lots/Lot A/retest/",
        {"performed_on": "2026-11-02", "passed": "yes"},
        {
            "key": KEY,
            "seen_seq": ACT["seen_seq"],
            "performed_on": [*DAY, "2026-11-03", "2020-01-01", ""],
            "passed": [*WORD, ""],
            "next_due_on": [*DAY, "2026-11-02"],
            "lab": TEXT,
            "note": TEXT,
        },
    ),
    "decide": Form(
        "dee",
        "/requests/REQUEST/",
        {"decision": "refuse", "note": "Weigh it again"},
        {"key": KEY, "decision": [*WORD, ""], "note": [*TEXT, ""]},
    ),
}


@pytest.fixture
def the(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Form]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    world.stock("10", lot_number="Lot A")
    net = units.enter("1")
    asked = ledger.ask_adjust(by=world.by("ana"), lot="Lot A", location="ANT-S1", net=net, gain=False, reason="Spilt")

    def form(name: str) -> Form:
        known = FORMS[name]
        fine = {
            key: str(Movement.objects.get().pk) if value == "MOVEMENT" else value for key, value in known.fine.items()
        }
        return Form(known.who, known.path.replace("REQUEST", str(asked["request"])), fine, known.fields)

    return form


@pytest.fixture
def send(world: World) -> Callable[..., HttpResponse]:
    clients: dict[str, Client] = {}

    def send(form: Form, **changed: str) -> HttpResponse:
        if form.who not in clients:
            clients[form.who] = Client(raise_request_exception=False)
            clients[form.who].force_login(world.people[form.who])
        # A lot that was received and accepted has five facts.
        body = {"key": str(uuid4()), "seen_seq": "5", **form.fine, **changed}
        # As a swap, so that the fragment alone is drawn.
        answer: Any = clients[form.who].post(form.path, body, headers={"HX-Request": "true"} if changed else {})
        return answer

    return send


def cases(form: Form) -> Iterator[tuple[str, str]]:
    for name, values in form.fields.items():
        yield from ((name, value) for value in values)


@pytest.mark.parametrize("name", FORMS)
def test_it_takes_what_is_fine(the: Callable[[str], Form], send: Callable[..., HttpResponse], name: str) -> None:
    """The negative control: what is refused below is refused for the value that was changed."""
    answer = send(the(name))
    assert answer.status_code in (302, 303), answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_it_refuses_every_absurd_value_in_every_field_and_writes_nothing(
    the: Callable[[str], Form], send: Callable[..., HttpResponse], name: str
) -> None:
    form = the(name)
    before, taken = absurd.holdings(), []
    for field, value in cases(form):
        answer = send(form, **{field: value})
        if answer.status_code != 422:
            taken.append((field, value[:60], answer.status_code))
    assert taken == []
    assert absurd.holdings() == before


@pytest.mark.parametrize("name", FORMS)
def test_it_refuses_a_form_of_nothing_and_a_body_that_is_no_form(
    the: Callable[[str], Form], world: World, name: str
) -> None:
    form, client = the(name), Client(raise_request_exception=False)
    client.force_login(world.people[form.who])
    before = absurd.holdings()
    assert client.post(form.path, {}).status_code == 422
    assert client.post(form.path, "[" * 100_000, content_type="application/json").status_code in (415, 422)
    assert client.post(form.path, b"\xff\xfe\x00", content_type="multipart/form-data; boundary=x").status_code in (
        400,
        422,
    )
    assert client.post(form.path, {f"f{n}": "x" for n in range(600)}).status_code == 400
    assert client.post(form.path, {"reason": "x" * 1_100_000}).status_code == 413
    assert absurd.holdings() == before


FILTERS = {
    "lots/": ("search", "site", "element", "material", "condition", "order", "cursor", "received_after", "held"),
    "requests/": ("state", "cursor"),
    "audit/": ("cursor", "kind"),
    "search/": ("q",),
    "receive/": ("material", "location"),
    "lots/Lot A/reverse/": ("movement",),
    "": ("as",),
}


@pytest.mark.parametrize("path", FILTERS)
def test_it_fails_for_no_absurd_filter(the: Callable[[str], Form], world: World, path: str) -> None:
    the("receive")
    client = Client(raise_request_exception=False, headers={"HX-Request": "true"})
    client.force_login(world.ana if path == "receive/" else world.dee)
    for name in FILTERS[path]:
        for value in ("\u202e", "x" * 5000, "'", "%", "\\", "\ufdfa" * 80, "-1", "9" * 50, "2026-99-99", "\U0001f4a3"):
            assert client.get(f"/{path}", {name: value}).status_code < 500, (name, value)
        assert client.get(f"/{path}?{name}=%00").status_code == 400
