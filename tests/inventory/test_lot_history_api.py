"""A lot over the API as it was, and everything that happened to it."""

from datetime import timedelta

import pytest

from inventory import ledger, units
from tests.inventory.everything import freeze
from tests.rest import Callers
from tests.world import World


def test_it_shows_the_lot_as_it_was_and_as_was_known(api: Callers, world: World) -> None:
    number = world.receive("10", at=world.now - timedelta(days=3))
    first = (world.now - timedelta(days=2)).date().isoformat()
    world.later(days=1)
    ledger.set_condition(by=world.by("dee"), lot=number, condition="A", reason="In specification")
    freeze(world, number)
    then = api.ana.get(f"lots/{number}/", as_of=first)
    assert then.status == 200
    assert (then["here"], then["condition"], then["net_kg"], then["eligible_kg"]) == (True, "J", "10", "0")
    assert then["places"] == [{"location": "ANT-S1", "site": "ANT", "kind": "store", "net_kg": "10", "free_kg": "10"}]
    assert (then["as_known_on"], then["frozen_at"], then["contained"]) == (None, None, {"Nd": "8.530679"})
    assert not api.ana.get(f"lots/{number}/", as_of=first, as_known_on=first)["here"]
    now = api.ana.get(f"lots/{number}/", as_known_on=world.now.isoformat().replace("+00:00", "Z"))
    assert (now["condition"], now["eligible_kg"]) == ("A", "10")
    assert now["frozen_at"] == world.now.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("name", ["as_of", "as_known_on"])
@pytest.mark.parametrize("value", ["2199-01-01", "2199-01-01T00:00:00Z", "yesterday", "2026-02-30"])
def test_it_refuses_a_moment_that_is_none_or_lies_ahead(api: Callers, world: World, name: str, value: str) -> None:
    answer = api.ana.get(f"lots/{world.receive('1')}/", **{name: value})
    assert answer.status in (400, 422), answer


def test_it_tells_everything_in_pages(api: Callers, world: World) -> None:
    number = world.stock("10")
    world.later(hours=1)
    ledger.ask_adjust(
        by=world.by("ana"), lot=number, location="ANT-S1", net=units.enter("1"), gain=False, reason="Spilt"
    )
    whole = api.ana.get(f"lots/{number}/timeline/")
    assert [(fact["seq"], fact["kind"]) for fact in whole["results"]] == [
        (None, "request"),
        (5, "condition"),
        (4, "movement"),
        (3, "condition"),
        (2, "assay"),
        (1, "lot"),
    ]
    assert (whole["results"][0]["state"], whole["results"][0]["who"]) == ("pending", "Ana")
    first = api.ana.get(f"lots/{number}/timeline/", limit=2)
    assert first["results"] == whole["results"][:3]
    cursor = first["next"].split("cursor=")[1].split("&")[0]
    assert api.ana.get(f"lots/{number}/timeline/", limit=2, cursor=cursor)["results"] == whole["results"][3:5]


def test_a_foreign_lot_is_as_absent_as_none(api: Callers, world: World) -> None:
    number = world.stock("1")
    for path in (f"lots/{number}/timeline/", "lots/none/timeline/"):
        assert api.cem.get(path).status == 404
    assert api.cem.get(f"lots/{number}/", as_of=world.now.date().isoformat()).status == 404
    assert api.adm.get(f"lots/{number}/timeline/").status == 403
    assert api.ana.get(f"lots/{number}/timeline/", cursor="nonsense").status == 400
