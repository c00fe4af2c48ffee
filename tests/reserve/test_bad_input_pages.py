"""Absurd values in every field of the forms for orders, suppliers, targets, flags and rotation: refused, nothing written."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from config.approvals import requests
from inventory import units
from procurement import orders, suppliers
from procurement.models import OrderLine
from reserve import flags, rotation, targets
from reserve.models import Flag, Rotation
from tests.platform import absurd
from tests.platform.test_bad_input_pages import DAY, KEY, MASS, PERCENT, TEXT, WORD, Form, cases
from tests.world import World

pytestmark = pytest.mark.long

WHOLE = [
    "-1",
    "1.5",
    "1e3",
    "9" * 19,
    "9" * 40,
    "9" * 5000,
    "x",
    "\u0661\u0662",
    "1_0",
    "\uff11",
    " 1 2",
    "\x00",
    "a\x00",
]
PRICE = [*MASS[: MASS.index("abc")], "-1", "1.1234567", "9" * 30]
LINE = {
    "material_1": "nd-oxide",
    "quantity_1": "5",
    "unit_1": "kg",
    "site_1": "ANT",
    "price_1": "12.5",
    "promised_1": "2027-01-31",
}
ORDER = {"supplier": "NORSEP", "currency": "USD", "count": "3", "tolerance_1": "0", **LINE}
TARGET = {"basis": "contained", "element": "Nd", "form": "block", "unit": "kg", "required": "10", "source": "Plan"}
FORMS = {
    "order": Form(
        "pia",
        "/orders/new/",
        ORDER,
        {
            "key": KEY,
            "supplier": [*WORD, ""],
            "currency": [*WORD, ""],
            "note": TEXT,
            "flag": WHOLE,
            "count": [*WHOLE, "", "999"],
            "material_1": [*WORD, ""],
            "quantity_1": [*MASS, ""],
            "unit_1": WORD,
            "site_1": [*WORD, ""],
            "price_1": PRICE,
            "tolerance_1": [*PERCENT[:2], "0.123"],
            "promised_1": DAY,
        },
    ),
    "supplier": Form(
        "pia",
        "/suppliers/new/",
        {"code": "FJORD", "name": "Fjord Nickel", "country": "NO"},
        {
            "key": KEY,
            "code": [*TEXT, "", "fjord", "F", "NORSEP", "F J", "../x"],
            "name": [*TEXT, ""],
            "country": [*TEXT, "", "NOR", "no", "1A", "\uff2e\uff2f"],
        },
    ),
    "target": Form(
        "dee",
        "/targets/new/",
        {**TARGET, "effective_from": "2026-11-02"},
        {
            "key": KEY,
            "basis": [*WORD, ""],
            "element": [*WORD, ""],
            "form": [*WORD, ""],
            "material": [*WORD, "nd-oxide"],
            "site": WORD,
            "unit": [*WORD, "", "mtu", "flask"],
            "required": [*MASS, ""],
            "days": [*WHOLE, "0", "3661", "5"],
            "daily_use": MASS,
            "use_basis": TEXT,
            "floor": [*MASS, "10.000001"],
            "effective_from": [*DAY, ""],
            "source": [*TEXT, ""],
        },
    ),
    "change": Form(
        "dee",
        "/targets/TARGET/",
        {"version": "1", "unit": "kg", "required": "20", "reason": "More"},
        {
            "key": KEY,
            "version": [*WHOLE, ""],
            "unit": [*WORD, ""],
            "required": MASS,
            "days": [*WHOLE, "0", "3661"],
            "floor": [*MASS, "21"],
            "effective_to": [*DAY, "2026-11-01"],
            "reason": [*TEXT, ""],
        },
    ),
    "acknowledge": Form(
        "pia", "/flags/FLAG/acknowledge/", {"note": "Offers asked for"}, {"key": KEY, "note": [*TEXT, ""]}
    ),
    "assign": Form(
        "dee", "/flags/FLAG/assign/", {"owner": "pia"}, {"key": KEY, "owner": [*WORD, "", "ana", "adm"], "note": TEXT}
    ),
    "waive": Form(
        "dee",
        "/flags/FLAG/waive/",
        {"until": "2026-12-31", "note": "Under way"},
        {"key": KEY, "until": [*DAY, "", "2026-11-02", "2028-01-01"], "note": [*TEXT, ""]},
    ),
    "policy": Form(
        "dee",
        "/rotation/policies/",
        {"material": "ndpr-oxide", "driver": "retest", "method": "retest", "ahead_months": "9", "source": "DoDM"},
        {
            "key": KEY,
            "material": [*WORD, "", "nd-oxide"],
            "driver": [*WORD, ""],
            "method": [*WORD, ""],
            "ahead_months": [*WHOLE, "", "0", "37"],
            "source": [*TEXT, ""],
        },
    ),
    "rotation": Form(
        "ana",
        "/rotation/ROTATION/retest/",
        {"performed_on": "2026-11-02", "passed": "yes"},
        {
            "key": KEY,
            "performed_on": [*DAY, "", "2026-11-03", "2020-01-01"],
            "passed": [*WORD, ""],
            "next_due_on": [*DAY, "2026-11-02"],
            "lab": TEXT,
            "note": TEXT,
        },
    ),
    "delivery": Form(
        "ana",
        "/deliveries/LINE/receive/",
        {"location": "ANT-S1", "quantity": "1", "unit": "kg"},
        {
            "key": KEY,
            "location": [*WORD, "", "BRA-S1", "ANT-LOSS"],
            "quantity": [*MASS, "", "5.000001"],
            "unit": [*WORD, ""],
            "supplier_lot": TEXT,
            "lot_number": [*TEXT, "a/b"],
            "reason": TEXT,
        },
    ),
}


@pytest.fixture
def the(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Form]:
    """A short target with its flag, a policy with a row, and an order that is placed."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    suppliers.add(by=world.by("pia"), code="NORSEP", name="Northern Separation", country="EE")
    given = targets.TargetIn(
        material="nd-oxide",
        basis="net",
        required_mg=units.enter("12").mg,
        effective_from=world.now.date(),
        source="Plan",
    )
    target = targets.propose(by=world.by("dee"), target=given)
    policy = rotation.propose_policy(
        by=world.by("dee"), material="nd-oxide", driver="retest", method="retest", ahead_months=9, source="DoDM 4140.27"
    )
    for asked in (target, policy):
        requests.approve(by=world.by("eve"), request_id=asked["request"])
    world.stock("10", lot_number="Lot A", produced_on=date(2022, 1, 20))
    flags.scan(now=world.now)
    rotation.plan(now=world.now)
    _placed(world)
    known = {
        "TARGET": target["target"],
        "FLAG": Flag.objects.get().pk,
        "ROTATION": Rotation.objects.get().pk,
        "LINE": OrderLine.objects.get().pk,
    }

    def form(name: str) -> Form:
        found = FORMS[name]
        path = found.path
        for word, number in known.items():
            path = path.replace(word, str(number))
        return Form(found.who, path, found.fine, found.fields)

    return form


def _placed(world: World) -> None:
    line = orders.LineIn(
        material="nd-oxide",
        ordered=units.enter("5"),
        site="ANT",
        price_per_kg=Decimal("12.5"),
        promised_on=world.now.date() + timedelta(days=30),
    )
    number = orders.draft(by=world.by("pia"), supplier="NORSEP", lines=[line])["order"]
    orders.submit(by=world.by("pia"), number=number)
    orders.approve(by=world.by("dee"), number=number)
    orders.place(by=world.by("pia"), number=number)


@pytest.fixture
def send(world: World) -> Callable[..., HttpResponse]:
    clients: dict[str, Client] = {}

    def send(form: Form, /, **changed: str) -> HttpResponse:
        if form.who not in clients:
            clients[form.who] = Client(raise_request_exception=False)
            clients[form.who].force_login(world.people[form.who])
        answer: Any = clients[form.who].post(form.path, {"key": str(uuid4()), **form.fine, **changed})
        return answer

    return send


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
        if answer.status_code not in (409, 422):
            taken.append((field, value[:60], answer.status_code))
    assert taken == []
    assert absurd.holdings() == before
