"""The language of a page and the unit of its masses: the person's own, else the browser's, else English and kg."""

import re
from typing import Any
from uuid import uuid4

import pytest

from config.accounts import preferences
from inventory import ledger, units
from tests.architecture.test_spoken import pages
from tests.journeys import small_reserve
from tests.pages import People
from tests.rest import Callers
from tests.world import World


def spoken(client: Any, **headers: str) -> str:
    """The language that the page says it is in, the same by its head and by its markup."""
    page = client.get("/search/", headers=headers)
    assert f'<html lang="{page["Content-Language"]}"' in page.content.decode()
    return str(page["Content-Language"])


def test_it_speaks_the_browsers_language_and_else_english(people: People):
    client = people.pia.client
    assert spoken(client) == "en"
    assert spoken(client, Accept_Language="de, fr;q=0.5") == "fr"
    assert spoken(client, Accept_Language="xx, %%%;q=9") == "en"
    assert "Accept-Language" in client.get("/search/")["Vary"]
    assert spoken_signed_out(people, "fr") == "fr"


def spoken_signed_out(people: People, language: str) -> str:
    return str(people.nobody.client.get("/sign-in/", headers={"Accept-Language": language})["Content-Language"])


def test_it_keeps_the_persons_language_whatever_the_browser_says(world: World, people: People):
    answer = people.pia.post("/preferences/", {"language": "fr", "next": "/suppliers/?q=x"})
    assert (answer.status_code, answer["Location"]) == (303, "/suppliers/?q=x")
    assert spoken(people.pia.client, Accept_Language="en") == "fr"
    assert "Accept-Language" not in people.pia.client.get("/search/").get("Vary", "")
    assert spoken(people.dee.client) == "en"
    world.pia.refresh_from_db()
    assert world.pia.preferences == {"language": "fr"}


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_leads_back_to_our_own_pages_only(people: People, onward: str):
    assert people.pia.post("/preferences/", {"mass_unit": "t", "next": onward})["Location"] == "/"


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"language": "fr'--"}, {"mass_unit": "stone", "language": "fr"}])
def test_it_refuses_what_cannot_be_chosen_and_keeps_nothing(world: World, people: People, wrong: dict[str, str]):
    answer = people.pia.post("/preferences/", wrong)
    assert answer.status_code == 422
    assert "cannot be chosen here" in answer.content.decode()
    world.pia.refresh_from_db()
    assert world.pia.preferences == {}


def test_it_takes_what_another_version_kept_for_nothing(world: World, people: People):
    preferences.put(user=world.pia, name="language", value="tlh")
    preferences.put(user=world.pia, name="mass_unit", value=["stone"])
    assert spoken(people.pia.client) == "en"


def test_it_changes_nothing_by_get_and_for_nobody(people: People):
    assert people.pia.client.get("/preferences/").status_code == 405
    assert people.nobody.post("/preferences/", {"language": "fr"}).status_code == 302


def test_it_writes_masses_in_the_persons_unit(world: World, people: People):
    lot = world.stock("1234.5")
    assert "1,234.5" in people.dee.get(f"/lots/{lot}/")
    people.dee.post("/preferences/", {"mass_unit": "t"})
    assert "1.2345" in people.dee.get(f"/lots/{lot}/")
    people.dee.post("/preferences/", {"mass_unit": "lb", "language": "fr"})
    assert "2\u202f721,607" in people.dee.get(f"/lots/{lot}/")


def test_it_answers_programs_in_english_and_kg(world: World, api: Callers):
    lot = world.stock("1234.5")
    for name, value in (("language", "fr"), ("mass_unit", "lb")):
        preferences.put(user=world.dee, name=name, value=value)
    answer = api.dee.get(f"/api/lots/{lot}/")
    assert answer["net_kg"] == "1234.5"
    assert api.dee.get("/api/lots/NOPE/")["message"].startswith("There is no lot")


METRIC = re.compile(r"\d[\s\u00a0]t\b|, t\b|^t$")


def pieces(html: str) -> list[str]:
    """What a reader sees of a page, piece by piece: its text and the heads of cells on a phone. Exact kg stand in titles."""
    shown = re.sub(r"<(option|button|script|style|bdi)\b.*?</\1>", "", html, flags=re.DOTALL)
    found = [*re.split(r"<[^>]*>", shown), *re.findall(r'data-label="([^"]*)"', shown)]
    return [" ".join(piece.split()) for piece in found]


@pytest.mark.long
def test_it_writes_overviews_in_pounds_for_who_reads_pounds(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    small_reserve.build(world)
    assert in_tonnes(people.dee.get("/position/"))
    preferences.put(user=world.dee, name="mass_unit", value="lb")
    read = list(pages(people.dee.client, set()))
    assert len(read) > 20
    wrong = [f"{address}: {piece}" for address, html in read for piece in in_tonnes(html)]
    assert not wrong, "\n".join(wrong)


def in_tonnes(html: str) -> list[str]:
    return [piece for piece in pieces(html) if METRIC.search(piece)]


READ = (
    "schema/?format=json",
    "lots/",
    "movements/",
    "materials/",
    "elements/",
    "requests/",
    "break-glass/",
    "delegations/",
    "positions/",
    "shortfalls/",
    "targets/",
    "flags/",
    "rotations/",
    "orders/",
    "suppliers/",
    "exports/",
)
REFUSED = (
    ("GET", "lots/NOPE/", ""),
    ("GET", "nothing/", ""),
    ("GET", "lots/?condition=nonsense", ""),
    ("GET", "lots/?cursor=x", ""),
    ("GET", "requests/?state=perhaps", ""),
    ("GET", "positions/?as_of=tomorrow", ""),
    ("GET", "sites/?x=1", ""),
    ("POST", "movements/", "{}"),
    ("POST", "movements/", '{"lot": "NOPE", "kind": "transfer", "net_kg": "1,5"}'),
    ("POST", "movements/", "no JSON"),
    ("POST", "receipts/", "{}"),
    ("POST", "suppliers/", '{"code": "x"}'),
    ("DELETE", "lots/", ""),
    ("POST", "exports/", '{"list": "nothing", "format": "plain"}'),
)


def test_the_api_answers_alike_in_every_language_and_unit(world: World, api: Callers):
    lot = world.stock("1234.5")
    ledger.ask_issue(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("2"), reason="Flood")

    def answers(language: str) -> list[tuple[str, int, str, bytes]]:
        spoken = {"Accept-Language": language}
        got = [(path, api.dee.send("GET", path, headers=spoken)) for path in READ]
        for how, path, body in REFUSED:
            keyed = {**spoken, "Idempotency-Key": str(uuid4())}
            got += [(path, caller.send(how, path, body, headers=keyed)) for caller in (api.dee, api.ana)]
        got += [("no key", api.ana.send("POST", "movements/", "{}", headers=spoken))]
        got += [("nobody", api.nobody.send("GET", path, headers=spoken)) for path in ("lots/", "schema/")]
        return [(path, one.status, one.type, one.response.content) for path, one in got]

    english = answers("en")
    assert {200, 400, 401, 403, 404, 405, 422} <= {status for _path, status, _type, _content in english}
    assert [path for path, status, _type, _content in english[: len(READ)] if status != 200] == []
    for name, value in (("language", "fr"), ("mass_unit", "lb")):
        for person in (world.dee, world.ana):
            preferences.put(user=person, name=name, value=value)
    for language in ("en", "fr", "fr-CA, de;q=0.5"):
        for before, after in zip(english, answers(language), strict=True):
            assert after == before, language
