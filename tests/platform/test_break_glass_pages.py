"""Breaking the glass on a request's page, the list of what was done so, its review, the desks; and the same over the API."""

from dataclasses import replace
from typing import Any

import pytest

from config.accounts.models import User
from config.approvals import glass, glass_views
from config.approvals.models import BreakGlass, Request
from config.approvals.tables import BREAK_GLASS
from config.exports import log, making
from config.exports.models import Export
from config.exports.refusals import RightsChanged
from config.ui import tables
from config.ui.tables import UnknownColumn
from inventory import ledger, units
from tests.counting import the_same_at_3_and_30
from tests.exported import exported, raw
from tests.pages import People, text
from tests.world import World

LIST = "/break-glass/"
WHY = "The store floods tonight; the drums must be out before the water is in."


def ask(world: World, lot: str = "THE-LOT", who: str = "ana") -> int:
    world.stock("10", lot_number=lot)
    answer = ledger.ask_issue(by=world.by(who), lot=lot, origin="ANT-S1", net=units.enter("2"), reason="Flood")
    return int(answer["request"])


@pytest.fixture
def issue(world: World) -> int:
    return ask(world)


def broken(world: World, request: int) -> int:
    return int(glass.carry_out(by=world.by("ana"), request_id=request, reason=WHY)["glass"])


def test_who_asked_breaks_the_glass_and_all_see_it(people: People, issue: int) -> None:
    page = f"/requests/{issue}/"
    assert "Break glass: do it now, without the others" in text(people.ana.get(page))
    answer = people.ana.send(page, f"{page}break-glass/", reason=WHY)
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown = text(people.dee.get(page))
    assert "Break-glass done by Ana, without those who should agree" in shown
    assert "To be reviewed by 5 Nov 2026" in shown
    assert "Break-glass" in text(people.dee.get("/requests/", {"state": "emergency"}))


def test_a_refused_form_keeps_what_was_typed(people: People, issue: int) -> None:
    page = f"/requests/{issue}/"
    answer = people.ana.send(page, f"{page}break-glass/", reason="Too short")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "20 characters or more: a second person reviews it" in text(html)
    assert "Too short</textarea>" in html
    assert Request.objects.get().state == "pending"


def test_it_is_offered_to_who_may_only(people: People, world: World, issue: int) -> None:
    page = f"/requests/{issue}/"
    offered = {
        who: "Break glass" in text(getattr(people, who).get(page)) for who in ("ana", "ben", "dee", "pia", "aud")
    }
    assert offered == {"ana": True, "ben": True, "dee": True, "pia": False, "aud": False}
    assert people.pia.post(f"{page}break-glass/", {"reason": WHY}).status_code == 403
    assert people.cem.post(f"{page}break-glass/", {"reason": WHY}).status_code == 404
    assert people.pia.client.get(f"{page}break-glass/").status_code == 405


def test_an_overdue_review_stands_where_the_form_would(people: People, world: World, issue: int) -> None:
    broken(world, issue)
    again = ask(world, "ANOTHER")
    world.later(hours=73)
    page = f"/requests/{again}/"
    shown = people.ana.get(page)
    assert f"on request {issue} has not been reviewed in time" in text(shown)
    assert "Break glass and do it" not in shown
    assert "Break glass and do it" in people.ben.get(page)


def test_a_manager_reviews_it(people: People, world: World, issue: int) -> None:
    page = f"{LIST}{broken(world, issue)}/"
    assert "You took part in this" not in text(people.dee.get(page))
    assert "Your role does not allow this" in text(people.ana.get(page))
    assert people.dee.send(page, verdict="justified").status_code == 422
    assert people.dee.send(page, verdict="not justified", remarks="It could have waited").status_code == 303
    shown = text(people.ana.get(page))
    assert "Not justified Dee" in shown
    assert "It could have waited" in shown
    again = people.eve.post(page, {"verdict": "justified", "remarks": "Fine"})
    assert again.status_code == 422
    assert "has been reviewed already" in text(again.content.decode())


def test_the_desks_tell_of_it_until_it_is_reviewed(people: People, world: World, issue: int) -> None:
    desks = ("dee", "aud", "adm")
    assert not any("break-glass, to be reviewed" in text(getattr(people, who).get("/")) for who in desks)
    number = broken(world, issue)
    for who in desks:
        assert "Issue" in text(getattr(people, who).get("/")).partition("break-glass, to be reviewed")[2], who
        assert "To be reviewed by" in text(getattr(people, who).get("/")), who
    assert "THE-LOT" not in people.adm.get("/")
    world.later(hours=73)
    assert "Review overdue" in text(people.ada.get("/"))  # whose session has not ended meanwhile
    glass.review(by=world.by("dee"), glass_id=number, justified=True, remarks="Seen")
    assert "break-glass, to be reviewed" not in text(people.eve.get("/"))


def test_administrators_see_that_it_was_done_and_nothing_of_the_stock(people: People, world: World, issue: int) -> None:
    number = broken(world, issue)
    for page in (LIST, f"{LIST}{number}/"):
        html = people.adm.get(page)
        assert "Ana" in text(html)
        assert not any(word in html for word in ("THE-LOT", "2 kg", "floods"))


def test_it_is_open_to_every_role_and_hidden_from_other_sites(people: People, world: World, issue: int) -> None:
    number = broken(world, issue)
    people.closed(LIST, open_to={"ana", "pia", "dee", "aud", "adm"})
    assert "Nobody has broken the glass" in text(people.cem.get(LIST))
    people.cem.get(f"{LIST}{number}/", status=404)


def test_the_list_is_narrowed_by_review_and_site(people: People, world: World, issue: int) -> None:
    broken(world, issue)
    for query in ({"state": "open"}, {"site": "ANT"}, {}):
        assert "THE-LOT" in people.dee.get(LIST, query), query
    for query in ({"state": "overdue"}, {"state": "justified"}, {"state": "not justified"}, {"site": "BRA"}):
        assert "None of that kind" in people.dee.get(LIST, query), query
    assert "cannot be narrowed" in people.dee.get(LIST, {"state": "perhaps"}, status=422)
    assert "Braga" in people.dee.get(LIST)
    assert "Braga" not in people.ana.get(LIST), "a site of others is not even named"
    people.dee.get(LIST, {"cursor": "x"}, status=400)


def test_it_comes_page_by_page_what_waits_first(people: People, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables._tables, "break-glass", replace(BREAK_GLASS, size=2))
    monkeypatch.setattr(glass_views, "BREAK_GLASS", tables.named("break-glass"))
    numbers = [broken(world, ask(world, f"LOT-{number}")) for number in range(3)]
    glass.review(by=world.by("dee"), glass_id=numbers[0], justified=True, remarks="Seen")
    html = people.dee.get(LIST)
    assert "3 emergencies" in text(html)
    assert [f'href="{LIST}{number}/"' in html for number in numbers] == [False, True, True]
    onward = html.split('rel="next" href="')[1].partition('"')[0]
    assert "LOT-0" in people.dee.get(LIST + onward)


def test_a_file_has_what_the_page_shows_and_what_it_hides_is_not_in_it(world: World, issue: int) -> None:
    broken(world, issue)
    every = [column.key for column in BREAK_GLASS.columns]
    open_to_all = [column.key for column in BREAK_GLASS.columns if not column.act]
    assert set(every) - set(open_to_all) == {"subject", "done", "reason", "remarks"}
    told = exported(world, "dee", "break-glass", every)
    assert told[1][:5] == ["Issue", str(issue), "THE-LOT", "2026-11-02T09:00:00Z", "ANT"]
    assert told[1][-5:] == ["To be reviewed", "2026-11-05T09:00:00Z", "", "", ""]
    assert WHY in told[1]
    with pytest.raises(UnknownColumn):
        exported(world, "adm", "break-glass", every)
    untold = exported(world, "adm", "break-glass", open_to_all)
    assert untold[1][:3] == [f"Issue no. {issue}", str(issue), "2026-11-02T09:00:00Z"]
    assert exported(world, "cem", "break-glass") == [["What", "Site", "By", "Reason", "Review"]]
    assert Export.objects.filter(list="break-glass").count() == 3


@pytest.mark.parametrize("format", ["csv", "plain", "xlsx"])
def test_no_file_of_who_is_told_nothing_has_a_word_of_it(world: World, issue: int, format: str) -> None:
    broken(world, issue)
    data = raw(world, "adm", "break-glass", format=format)
    assert b"Ana" in data
    assert not any(word in data for word in (b"THE-LOT", b"2 kg", b"floods"))


def test_a_list_once_told_is_not_given_out_when_the_right_is_gone(world: World, issue: int) -> None:
    broken(world, issue)
    number = making.ask(world.by("dee"), table="break-glass", format="plain", params="")["export"]
    User.objects.filter(username="dee").update(roles=["administrator"])
    with pytest.raises(RightsChanged):
        log.file(User.objects.get(username="dee"), number)


def test_the_timeline_of_the_lot_leads_to_it(people: People, world: World, issue: int) -> None:
    broken(world, issue)
    assert f'href="/requests/{issue}/"' in people.dee.get("/lots/THE-LOT/")


def test_queries(people: People, world: World) -> None:
    def make(more: int) -> None:
        start = BreakGlass.objects.count()
        for number in range(start, start + more):
            broken(world, ask(world, f"LOT-{number}"))

    the_same_at_3_and_30("break-glass page", make=make, read=lambda: people.dee.get(LIST))


def test_it_works_over_the_api(world: World, api: Any, issue: int) -> None:
    path = f"/api/requests/{issue}/break-glass/"
    assert api.pia.post(path, {"reason": WHY}).status == 403
    assert api.cem.post(path, {"reason": WHY}).status == 404
    assert api.ana.post(path, {"reason": "Urgent"})["code"] == "say_more"
    done = api.ana.post(path, {"reason": WHY})
    assert (done.status, done["state"], done["result"]["lot"]) == (200, "emergency", "THE-LOT")
    row = api.aud.get("/api/break-glass/", state="open")["results"][0]
    assert (row["request"], row["actor"], row["due_at"]) == (issue, "Ana", "2026-11-05T09:00:00Z")
    assert api.adm.get(f"/api/break-glass/{row['id']}/")["reason"] == ""
    review = f"/api/break-glass/{row['id']}/review/"
    verdict = {"justified": True, "remarks": "Seen"}
    assert api.ana.post(review, verdict).status == 403
    assert api.dee.post(review, {"justified": True}).status == 422
    assert (api.aud.post(review, verdict)["justified"], api.dee.post(review, verdict)["code"]) == (
        True,
        "already_reviewed",
    )
    assert api.aud.get("/api/break-glass/", state="overdue")["results"] == []
    page = api.aud.get("/api/break-glass/", state="justified", site="ANT", limit=1)
    assert ([row["request"] for row in page["results"]], page["next"]) == ([issue], None)
    assert api.aud.get("/api/break-glass/", site="BRA")["results"] == []
