"""The life of a rotation through every door: jobs plan and lapse, people start by page and record by API, the figure follows.

A retest that is made in time: planned by the job, started on a page, recorded over the API, done. One that is missed: late,
suspended by the job and out of the eligible figure on that very day, retested, accepted by another person, eligible again.
"""

from datetime import date, datetime
from uuid import uuid4

import pytest

from config.approvals import requests
from config.jobs import outbox
from config.jobs.models import JobRun
from config.jobs.runs import run
from inventory.models import Lot
from reserve import shortfall, targets
from reserve.models import Flag, Rotation
from reserve.targets import TargetIn
from tests.reserve.rotation_world import Browsers, browse, due_lot, form_on, policy
from tests.rest import Callers
from tests.world import World

__all__ = ["browse"]
DUE = date(2027, 1, 20)


@pytest.fixture
def lot(world: World, browse: Browsers, api: Callers) -> str:
    """A lot due on 20 January 2027, under a policy that looks 9 months ahead and a target that it just meets."""
    policy(world)
    given = TargetIn(
        basis="net",
        material="nd-oxide",
        required_mg=10_000_000,
        effective_from=world.now.date(),
        source="Test of the life of a rotation",
    )
    answer = targets.propose(by=world.by("dee"), target=given)
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    return due_lot(world, DUE)


def sign_in_again(browse: Browsers, api: Callers) -> Callers:
    """Months have passed: sessions and tokens have ended."""
    browse.made.clear()
    return Callers(api.world)


def job(name: str, now: datetime) -> tuple[int, int]:
    """Run a job as the worker does; (rows seen, rows changed)."""
    done = run(name, now=now)
    assert done is not None
    assert (done.ok, done.error) == (True, "")
    return done.rows_seen, done.rows_changed


def eligible_mg(now: datetime) -> int:
    (row,) = shortfall.rows(as_of=now.date())
    return row.eligible_mg


def test_a_retest_made_in_time(world: World, lot: str, browse: Browsers, api: Callers) -> None:
    assert job("reserve.plan_rotations", world.now) == (1, 1)
    assert job("reserve.plan_rotations", world.now) == (1, 0)
    (planned,) = api.ana.get("rotations/")["results"]
    assert (planned["lot"], planned["state"], planned["due_on"]) == (lot, "planned", "2027-01-20")

    start = f"/rotation/{planned['id']}/start/"
    key = form_on(browse.ana.get("/rotation/").content.decode(), start).key
    assert browse.ana.post(start, {"key": key}).status_code == 303
    assert api.dee.get(f"rotations/{planned['id']}/")["started_by"] == "Ana"
    assert "in work by Ana" in browse.dee.get("/rotation/").content.decode()

    body = {"performed_on": "2026-11-02", "passed": True, "lab": "Lab A"}
    done = api.ben.post(f"rotations/{planned['id']}/retest/", body)
    assert (done.status, done["state"], done["lot_due_on"]) == (200, "done", "2031-11-02")
    outbox.sweep(now=world.now)
    assert job("reserve.plan_rotations", world.now) == (0, 0)
    assert api.ana.get("rotations/")["results"] == []
    assert "Passed on 2 Nov 2026" in browse.dee.get("/rotation/?state=done").content.decode()
    assert api.ana.get(f"lots/{lot}/")["condition"] == "A"
    assert eligible_mg(world.now) == 10_000_000


def test_a_missed_date_until_the_lot_counts_again(world: World, lot: str, browse: Browsers, api: Callers) -> None:
    job("reserve.plan_rotations", world.now)
    row = Rotation.objects.get()
    assert eligible_mg(world.now) == 10_000_000

    world.now = datetime(2027, 1, 20, 23, 59, tzinfo=world.now.tzinfo)
    api = sign_in_again(browse, api)
    assert job("inventory.lapse_retests", world.now)[1] == 1, "A becomes C: under three months are left"
    assert (eligible_mg(world.now), Lot.objects.get(number=lot).condition) == (10_000_000, "C")

    world.now = datetime(2027, 1, 21, 0, 5, tzinfo=world.now.tzinfo)
    assert eligible_mg(world.now) == 0, "the date takes it away before any job has run"
    assert api.aud.get(f"rotations/{row.pk}/")["state"] == "overdue"
    assert job("inventory.lapse_retests", world.now) == (1, 1)
    assert job("reserve.plan_rotations", world.now)[1] == 1
    assert job("reserve.scan_shortfalls", world.now)[1] >= 1
    shown = api.ana.get(f"lots/{lot}/")
    assert (shown["condition"], shown["retest_due_on"]) == ("J", "2027-01-20")
    assert "Retest or expiry date passed" in browse.aud.get(f"/lots/{lot}/").content.decode()
    assert "1 day late" in browse.ana.get("/rotation/?state=overdue").content.decode()
    flag = Flag.objects.get()
    assert (flag.state, flag.eligible_mg, eligible_mg(world.now)) == ("open", 0, 0)

    world.later(hours=6)
    address = f"/rotation/{row.pk}/retest/"
    form = {"key": form_on(browse.ana.get(f"/rotation/{row.pk}/").content.decode(), address).key}
    form |= {"performed_on": "2027-01-21", "passed": "yes"}
    said = browse.ana.post(address, form, follow=True).content.decode()
    assert "another person has to accept it" in said
    assert eligible_mg(world.now) == 0, "a passed retest does not accept the lot"
    assert api.ana.post(f"lots/{lot}/condition/", {"condition": "A", "reason": "Passed"}).status == 403
    assert api.ben.post(f"lots/{lot}/condition/", {"condition": "A", "reason": "Passed"}).status == 200
    assert eligible_mg(world.now) == 10_000_000

    outbox.sweep(now=world.now)
    assert Flag.objects.get().state == "closed"
    assert job("reserve.plan_rotations", world.now) == (0, 0)
    assert api.dee.get(f"rotations/{row.pk}/")["state"] == "done"
    assert not JobRun.objects.filter(ok=False).exists()


def test_the_job_refuses_nothing_and_writes_nothing_twice(
    world: World, lot: str, browse: Browsers, api: Callers
) -> None:
    for _ in range(3):
        job("reserve.plan_rotations", world.now)
    assert Rotation.objects.count() == 1
    key = str(uuid4())
    row = Rotation.objects.get()
    for _ in range(3):
        assert api.ana.post(f"rotations/{row.pk}/start/", {}, key=key).status == 200
    assert Rotation.objects.get().started_by == world.ana
