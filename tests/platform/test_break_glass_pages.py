"""Breaking the glass on a request's page, the list of what was done so, its review, the desks; and the same over the API."""

from typing import Any

import pytest

from config.approvals import glass
from config.approvals.models import BreakGlass, Request
from inventory import ledger, units
from tests.counting import the_same_at_3_and_30
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
