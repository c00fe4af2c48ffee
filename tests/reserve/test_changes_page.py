"""What changed in what is held, act by act, and saying that one has read it."""

from datetime import datetime, timedelta

from config.accounts.models import User
from config.audit.models import Command
from inventory import ledger, units
from reserve import flags
from tests.counting import counted
from tests.pages import People, text
from tests.reserve.levels import flagged, hold
from tests.world import World


def change(world: World) -> str:
    """A receipt, its acceptance and two samples, on the third day."""
    world.later(days=2)
    number = world.stock("20")
    for mass in ("1", "2"):
        ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter(mass), reason="Umpire")
    return number


def test_each_count_of_the_desk_opens_exactly_those_acts(people: People, world: World) -> None:
    number = change(world)
    html = people.dee.get("/").split('id="changes"')[1]
    for cause, times in (("receive", 1), ("accept", 1), ("sample", 2)):
        address = next(link for link in html.split('href="')[1:] if f"cause={cause}" in link).split('"')[0]
        rows = text(people.dee.get(address.replace("&amp;", "&")).split("<tbody")[1].split("</tbody")[0])
        assert rows.count(number) == times, cause
        assert ("Umpire" in rows) == (cause == "sample")


def test_what_was_read_is_news_no_more_and_what_came_meanwhile_stays(people: People, world: World) -> None:
    change(world)
    world.later(minutes=11)
    sent = people.dee.form("/", "/desk/read/")
    world.later(hours=1)
    world.receive("5")
    assert people.dee.post("/desk/read/", sent).status_code == 302
    html = people.dee.get("/").split('id="changes"')[1]
    assert "Since you read it" in html
    assert "+5" in text(html)
    assert "Sampled" not in text(html)
    assert "Sampled" in text(people.dee.get("/", {"days": "7"}).split('id="changes"')[1])
    assert "Sampled" in text(people.eve.get("/").split('id="changes"')[1])
    assert Command.objects.filter(kind="reserve.mark_read", outcome="done").count() == 1


def test_what_was_under_way_when_it_was_read_is_told(people: People, world: World) -> None:
    asked = world.later(minutes=1)
    world.later(minutes=8)
    people.dee.send("/", "/desk/read/")
    before, world.now = world.now, asked
    world.receive("5")  # done only now, and bearing the moment at which it was asked for
    world.now = before
    world.later(minutes=1)
    assert "+5" in text(people.dee.get("/").split('id="changes"')[1])


def test_looking_writes_nothing_and_no_moment_ahead_is_read(people: People, world: World) -> None:
    change(world)
    people.dee.get("/")
    assert "desk_read_at" not in User.objects.get(username="dee").preferences
    people.dee.post("/desk/read/", {"until": (world.now + timedelta(days=2)).isoformat()})
    people.dee.post("/desk/read/", {"until": "soon"})
    assert "desk_read_at" not in User.objects.get(username="dee").preferences
    people.dee.post("/desk/read/", {"until": world.now.isoformat()})
    people.dee.post("/desk/read/", {"until": (world.now - timedelta(days=1)).isoformat()})
    assert datetime.fromisoformat(User.objects.get(username="dee").preferences["desk_read_at"]) == world.now


def test_flags_that_opened_and_closed_are_news(people: People, world: World) -> None:
    flag = flagged(world, "10")
    assert f"/flags/{flag}/" in people.dee.get("/").split('id="changes"')[1]
    people.dee.send("/", "/desk/read/")
    world.later(hours=1)
    hold(world, "50", material="nd-oxide")
    world.stock("100")
    flags.scan(now=world.now)
    shown = text(people.dee.get("/").split('id="changes"')[1])
    assert "Met again" in shown


def test_it_shows_each_person_their_sites_and_reads_its_filters(people: People, world: World) -> None:
    number = change(world)
    assert number in people.ana.get("/changes/")
    assert number not in people.cem.get("/changes/")
    assert number not in people.dee.get("/changes/", {"material": "ndfeb-block"})
    for query in ({"cause": "theft"}, {"since": "yesterday"}, {"until": "2026-99-01T00:00Z"}):
        assert "cannot be narrowed" in text(people.dee.get("/changes/", query, status=422))
    assert people.dee.client.get("/changes/", {"cursor": "x"}).status_code == 400
    people.closed("/changes/", open_to={"ana", "pia", "dee", "aud"})


def test_the_number_of_queries_is_written_down(people: People, world: World) -> None:
    change(world)
    people.dee.get("/changes/")
    with counted("page changes"):
        people.dee.get("/changes/")
