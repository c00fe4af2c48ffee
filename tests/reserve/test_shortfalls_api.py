"""Stock against targets over the API."""

from datetime import date

import pytest

from inventory import ledger, units
from reserve import flags
from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, hold
from tests.rest import Callers
from tests.world import World


def test_it_sends_each_target_as_the_design_says(api: Callers, world: World) -> None:
    target = hold(world, days=100, daily_use_mg=10**7, use_basis="US, mean 2021-2025", only_compliant=True, site="ANT")
    number = world.stock("300")
    world.receive("100")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-LOAN", net=units.enter("50"))
    add_suppliers(world)
    Market(world).placed()
    flags.scan(now=world.now)
    (flag,) = flags.listing(user=world.dee)
    answer = api.aud.get("shortfalls/")
    assert answer.status == 200
    assert (answer["next"], answer["previous"]) == (None, None)
    step = {"left_kg": "213.266986", "lost_kg": "0"}
    assert answer["results"] == [
        {
            "target": target,
            "material": "",
            "element": "Nd",
            "form": "oxide",
            "site": "ANT",
            "basis": "contained",
            "required_kg": "1000",
            "eligible_kg": "0",
            "on_order_kg": "85.306795",
            "short_kg": "1000",
            "cover_pct": "0.0",
            "cover_days": 0,
            "waterfall": {
                "physical": {"left_kg": "341.227178", "lost_kg": "0"},
                "in_store": {"left_kg": "298.573781", "lost_kg": "42.653397"},
                "accepted": {"left_kg": "213.266986", "lost_kg": "85.306795"},
                "in_date": step,
                "compliant": {"left_kg": "0", "lost_kg": "213.266986"},
                "free": {"left_kg": "0", "lost_kg": "0"},
            },
            "flag": {"id": flag.id, "state": "open", "severity": "critical"},
        }
    ]


def test_a_material_s_target_and_one_that_is_met(api: Callers, world: World) -> None:
    hold(world, "100", material="nd-oxide")
    world.stock("150")
    (row,) = api.pia.get("shortfalls/")["results"]
    assert (row["material"], row["element"], row["form"], row["basis"]) == ("nd-oxide", "", "oxide", "net")
    assert (row["short_kg"], row["cover_pct"], row["cover_days"], row["flag"]) == ("0", "150.0", None, None)


def test_any_day_again_and_days_to_come(api: Callers, world: World) -> None:
    hold(world, "100")
    world.stock("60", produced_on=date(2021, 11, 20))
    world.later(days=3)
    world.stock("60")

    def eligible(**asked: str) -> str:
        return str(api.dee.get("shortfalls/", **asked)["results"][0]["eligible_kg"])

    assert (eligible(), eligible(as_of="2026-11-05"), eligible(as_of="2026-11-04")) == (
        "102.368154",
        "102.368154",
        "51.184077",
    )
    assert eligible(as_of="2026-12-24") == "51.184077"
    assert api.dee.get("shortfalls/", as_of="2026-11-04")["results"][0]["on_order_kg"] is None
    assert api.dee.get("shortfalls/", as_of="2026-11-01")["results"] == []


@pytest.mark.parametrize(
    "query",
    [{"as_of": "soon"}, {"as_of": "1999-12-31"}, {"as_of": "2099-01-01"}, {"as_of": "٢٠٢٦-١١-٠٢"}, {"day": "x"}],
)
def test_what_cannot_be_read_is_refused_by_name(api: Callers, query: dict[str, str]) -> None:
    answer = api.dee.get("shortfalls/", **query)
    assert answer.status == 422
    assert answer.is_problem
    assert set(answer["facts"]["fields"]) == set(query)


def test_it_is_closed_to_who_may_not_see_targets(api: Callers, world: World) -> None:
    flagged(world)
    assert api.nobody.get("shortfalls/").status == 401
    assert [api.ana.get("shortfalls/").status, api.adm.get("shortfalls/").status] == [403, 403]
    assert api.dee.post("shortfalls/", {}).status == 405


def test_it_asks_as_often_for_thirty_as_for_three(api: Callers, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)

    the_same_at_3_and_30("api shortfalls", make=make, read=lambda: api.dee.get("shortfalls/"))
