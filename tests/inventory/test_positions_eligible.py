"""What is eligible of an element, form by form, and what the coming months take away from it."""

from datetime import date, timedelta
from functools import partial

from inventory import ledger, positions, units
from tests.world import World

TODAY = date(2026, 11, 2)


def test_it_counts_accepted_free_stock_in_stores_by_form(world: World) -> None:
    world.stock("100")
    world.receive("40")
    world.stock("10", material="ndfeb-block", location="BRA-S1", who="cem")
    lent = world.stock("50")
    ledger.transfer(by=world.by("ana"), lot=lent, origin="ANT-S1", destination="ANT-LOAN", net=units.enter("50"))
    assert positions.eligible(user=world.dee, element="Nd", as_of=TODAY) == {"oxide": 85_306_795, "block": 2_400_000}


def test_it_counts_a_persons_own_sites_only(world: World) -> None:
    world.stock("100")
    world.stock("10", material="ndfeb-block", location="BRA-S1", who="cem")
    assert positions.eligible(user=world.ana, element="Nd", as_of=TODAY) == {"oxide": 85_306_795}
    assert positions.eligible(user=world.adm, element="Nd", as_of=TODAY) == {}


def test_what_lapses_month_by_month_is_what_the_eligible_figure_loses(world: World) -> None:
    world.stock("100", produced_on=date(2021, 12, 20))
    world.stock("40", produced_on=date(2022, 1, 31))
    world.stock("7", produced_on=date(2026, 1, 1))
    found = positions.lapsing(user=world.dee, element="Nd", form="oxide", as_of=TODAY, until=date(2028, 11, 1))
    assert found == {date(2026, 12, 1): 85_306_795, date(2027, 1, 1): 34_122_718}
    now = positions.eligible(user=world.dee, element="Nd", as_of=TODAY)["oxide"]
    later = positions.eligible(user=world.dee, element="Nd", as_of=date(2027, 2, 1))["oxide"]
    assert now - later == sum(found.values())


def test_nothing_unproven_lapses_where_only_compliant_stock_counts(world: World) -> None:
    world.stock("100", produced_on=TODAY - timedelta(days=365 * 5 - 30))
    lapses = partial(
        positions.lapsing, user=world.dee, element="Nd", form="oxide", as_of=TODAY, until=date(2028, 11, 1)
    )
    assert sum(lapses().values()) == 85_306_795
    assert lapses(only_compliant=True) == {}
