"""What an attacker got through with once, and no more. Each test is named after what went wrong."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from config.accounts.models import User
from config.audit.models import Command
from inventory import ledger, lots, units
from inventory.models import Assay, Lot
from reserve import flags, targets
from reserve.targets import TargetIn
from tests.pages import SWAP, People, text
from tests.rest import Callers
from tests.world import PASSWORD, World

LANE = "ANT-TO-BRA"
NEW = "seven quiet lanterns 41"


@pytest.fixture
def lot(world: World) -> str:
    """A lot of Antwerp with a kilogram on its way to Braga."""
    number = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination=LANE, net=units.enter("1"))
    return number


# --- another site's lot -------------------------------------------------------------------------------


JUDGEMENTS: list[tuple[str, dict[str, Any]]] = [
    ("condition", {"condition": "H", "reason": "Burst"}),
    ("assay", {"lab": "Lab", "fractions": {"Nd": "0.1"}}),
    ("retest", {"performed_on": "2026-11-02", "passed": False}),
]


@pytest.mark.parametrize(("act", "body"), JUDGEMENTS)
def test_one_kilogram_on_its_way_condemned_a_ton_at_the_site_that_sent_it(
    api: Callers, lot: str, act: str, body: dict[str, Any]
) -> None:
    before = Lot.objects.get(number=lot).last_seq
    answer = api.cem.post(f"lots/{lot}/{act}/", body)
    assert (answer.status, answer["code"]) == (403, "lot_elsewhere")
    assert Lot.objects.get(number=lot).last_seq == before


@pytest.mark.parametrize(("act", "body"), JUDGEMENTS)
def test_one_kilogram_in_store_condemned_a_ton_elsewhere(
    api: Callers, world: World, lot: str, act: str, body: dict[str, Any]
) -> None:
    ledger.transfer(by=world.by("cem"), lot=lot, origin=LANE, destination="BRA-S1", net=units.enter("1"))
    assert api.cem.post(f"lots/{lot}/{act}/", body)["code"] == "lot_elsewhere"
    assert api.ben.post(f"lots/{lot}/{act}/", body)["code"] == "lot_elsewhere"
    row = Lot.objects.get(number=lot)
    assert (row.condition, Assay.objects.filter(lot=row).count()) == ("A", 1)


def test_the_part_that_was_split_off_can_be_judged(api: Callers, world: World, lot: str) -> None:
    ledger.transfer(by=world.by("cem"), lot=lot, origin=LANE, destination="BRA-S1", net=units.enter("1"))
    child = ledger.split(by=world.by("cem"), lot=lot, location="BRA-S1", parts=[units.enter("1")])["children"][0]
    assert api.cem.post(f"lots/{child}/condition/", {"condition": "H", "reason": "Burst"}).status == 200
    assert api.ben.post(f"lots/{lot}/condition/", {"condition": "J", "reason": "Look at it"}).status == 200


def test_a_lot_on_its_way_is_still_judged_by_who_sent_it_and_by_a_manager(api: Callers, lot: str) -> None:
    assert api.ben.post(f"lots/{lot}/condition/", {"condition": "J", "reason": "Look"}).status == 200
    assert api.dee.post(f"lots/{lot}/condition/", {"condition": "A", "reason": "Fine"}).status == 200


def test_a_filter_told_that_a_part_lies_at_a_foreign_site_which_wants_it(world: World, lot: str) -> None:
    target = TargetIn(
        material="nd-oxide",
        basis="net",
        site="ANT",
        required_mg=9 * 10**12,
        effective_from=date(2026, 1, 1),
        source="Plan",
    )
    proposed = targets.propose(by=world.by("dee"), target=target)
    from config.approvals import requests

    requests.approve(by=world.by("eve"), request_id=proposed["request"])
    flags.scan(now=world.now)
    ledger.transfer(by=world.by("cem"), lot=lot, origin=LANE, destination="BRA-S1", net=units.enter("1"))
    wanted = lots.LotFilters(below_target=True)
    assert [row.number for row in lots.listing(user=world.ana, filters=wanted).rows] == [lot]
    assert lots.listing(user=world.cem, filters=wanted).rows == []


# --- attempts -----------------------------------------------------------------------------------------


def test_whoever_tried_without_any_right_left_no_trace(api: Callers, people: People, world: World) -> None:
    world.receive("10", lot_number="THE-LOT")
    assert api.adm.post("receipts/", {"note": "secret words"}).status == 403
    assert api.aud.post("lots/THE-LOT/condition/", {"condition": "A", "reason": "x"}).status == 403
    assert people.aud.post("/lots/THE-LOT/transfer/", {"reason": "x"}).status_code == 403
    tried = Command.objects.filter(kind__startswith="edge.").order_by("pk")
    assert [(c.actor, c.kind, c.outcome, c.request["path"]) for c in tried] == [
        (world.adm, "edge.api-receipts", "refused", "/api/receipts/"),
        (world.aud, "edge.api-lot-condition", "refused", "/api/lots/THE-LOT/condition/"),
        (world.aud, "edge.lot-transfer", "refused", "/lots/THE-LOT/transfer/"),
    ]
    assert all(c.answer["code"] == "not_allowed" and "secret" not in str(c.request) for c in tried)
    assert "THE-LOT/transfer" in people.dee.get("/audit/", {"kind": "edge."})


def test_an_attempt_that_a_command_refused_is_on_record_once(api: Callers, world: World) -> None:
    world.receive("10", lot_number="THE-LOT")
    asked = api.ana.post(
        "requests/",
        {"kind": "adjust", "lot": "THE-LOT", "location": "ANT-S1", "net_kg": "1", "gain": True, "reason": "Weighed"},
    )
    assert api.pia.post(f"requests/{asked['id']}/approve/", {}).status == 403
    mine = Command.objects.filter(actor=world.pia)
    assert list(mine.values_list("kind", "outcome")) == [("approvals.approve", "refused")]


def test_who_only_reads_what_is_not_theirs_leaves_no_command(api: Callers, people: People, world: World) -> None:
    assert api.adm.get("lots/").status == 403
    people.adm.get("/lots/", status=403)
    assert not Command.objects.filter(actor=world.adm, outcome="refused").exists()


# --- passwords ----------------------------------------------------------------------------------------


def test_a_key_sent_again_with_another_password_said_that_it_was_changed(people: People, world: World) -> None:
    key = str(uuid4())
    first = {"key": key, "present": PASSWORD, "new": NEW, "again": NEW}
    other = {"key": key, "present": NEW, "new": f"{NEW} more", "again": f"{NEW} more"}
    page = "/change-password/"
    assert people.ana.client.post(page, first).status_code == 303
    answer = people.ana.client.post(page, other)
    assert answer.status_code == 422
    assert "already used for another request" in text(answer.content.decode())
    assert people.ana.client.post(page, first).status_code == 303, "The same again lands once."
    assert User.objects.get(username="ana").check_password(NEW)


def test_an_open_session_let_anybody_guess_its_password_without_end(people: People, world: World) -> None:
    page = "/change-password/"
    guess = {"present": "a guess", "new": NEW, "again": NEW}
    for _ in range(5):
        assert "not your present password" in text(people.ana.post(page, guess).content.decode())
    answer = people.ana.post(page, {**guess, "present": PASSWORD})
    assert "Too many attempts" in text(answer.content.decode())
    world.later(minutes=1)
    assert people.ana.post(page, {**guess, "present": PASSWORD}).status_code == 303


def test_who_knows_the_password_may_choose_a_weak_one_as_often_as_they_like(people: People, world: World) -> None:
    weak = {"present": PASSWORD, "new": "short", "again": "short"}
    for _ in range(8):
        assert "too short" in text(people.ana.post("/change-password/", weak).content.decode())


def sign_in(password: str, forwarded: str) -> int:
    given = {"username": "ana", "password": password}
    return int(Client().post("/sign-in/", given, headers={"X-Forwarded-For": forwarded}).status_code)


def test_behind_a_proxy_anybody_locked_out_anybody(people: People, settings: Any) -> None:
    settings.BEHIND_TLS_PROXY = True
    for _ in range(6):
        sign_in("wrong", "192.0.2.66")
    assert sign_in(PASSWORD, "198.51.100.7") == 303
    assert sign_in(PASSWORD, "198.51.100.7, 192.0.2.66") == 429, "What the client says of itself does not count."


def test_without_a_proxy_an_invented_address_got_new_guesses(people: People) -> None:
    for number in range(6):
        sign_in("wrong", f"192.0.2.{number}")
    assert sign_in(PASSWORD, "198.51.100.7") == 429


# --- signing out --------------------------------------------------------------------------------------


def test_signing_out_left_the_browser_no_sign_that_kept_pages_are_over(people: People, world: World) -> None:
    """The page's script compares this cookie with the one it was opened under."""
    people.ana.get("/lots/")
    before = people.ana.client.cookies["csrftoken"].value
    people.ana.post("/sign-out/", {})
    assert people.ana.client.cookies["csrftoken"].value != before


# --- never a failure of ours --------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "hex", "idna", "rot13", "unicode_escape", "latin-1"])
def test_a_form_in_another_encoding_made_the_failure_page_fail(world: World, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    assert client.generic("POST", "/sign-in/", b"a=b", kind).status_code == 415
    client.force_login(world.ana)
    assert client.generic("POST", "/receive/", b"a=b", kind).status_code == 415
    assert client.generic("POST", "/api/receipts/", b"a=b", kind).status_code == 415
    good = Client().generic("POST", "/sign-in/", b"a=b", "application/x-www-form-urlencoded; charset=UTF-8")
    assert good.status_code == 422


@pytest.mark.parametrize("onward", ["/lots/\r\nSet-Cookie: x=y", "/lots/?search=\u2028\u00e9"])
def test_a_newline_in_the_page_asked_for_failed_in_a_header(people: People, world: World, onward: str) -> None:
    answer = people.ana.client.get("/sign-in/", {"next": onward}, headers=SWAP)
    assert answer.status_code == 204
    assert answer["HX-Redirect"].isascii()
    assert "%" in answer["HX-Redirect"]


@pytest.mark.parametrize(
    ("who", "path"),
    [("dee", "/position/?as_of=%20"), ("dee", "/position/?as_of=%0A"), ("aud", "/?first=%20"), ("aud", "/?last=%0A")],
)
def test_a_day_of_nothing_but_spaces_failed(people: People, world: World, who: str, path: str) -> None:
    assert getattr(people, who).get(path)
