"""The months to come: the same figures as the position gives for each of those days."""

from datetime import date

import pytest

from reserve import elements, projection, shortfall
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import hold
from tests.world import World


def months(world: World, form: str = "oxide") -> projection.Projection:
    page = elements.one(user=world.dee, symbol="Nd", today=world.now.date())
    (row,) = [row for row in page.forms if row.code == form]
    return projection.of(user=world.dee, element="Nd", form=row, today=world.now.date())


@pytest.mark.parametrize("only_compliant", [False, True])
def test_stock_alone_is_what_the_position_says_for_each_day(world: World, only_compliant: bool) -> None:
    hold(world, "1000", only_compliant=only_compliant)
    for year, month, day, kg in ((2021, 12, 1, "10"), (2021, 12, 31, "20"), (2022, 1, 1, "30"), (2023, 5, 31, "40")):
        world.stock(kg, produced_on=date(year, month, day))
    world.stock("7", produced_on=date(2026, 10, 1))
    found = months(world)
    assert len(found.months) == 25
    for point in found.months:
        (row,) = shortfall.rows(as_of=point.on)
        assert row.eligible_mg == point.stock_mg, point.on
    assert (found.months[-1].stock_mg == 0) is only_compliant


def test_orders_come_in_the_month_after_their_promise_and_late_ones_not_at_all(world: World) -> None:
    add_suppliers(world)
    market = Market(world)
    market.placed(
        market.line("100", promised_on=date(2026, 11, 2)),
        market.line("10", promised_on=date(2027, 2, 28)),
        market.line("5", promised_on=date(2026, 11, 3), material="ndfeb-block"),
    )
    hold(world, "1000")
    world.later(days=1)
    found = months(world)
    assert found.late_mg == 85_306_795
    coming = {month.on: month.with_orders_mg for month in found.months}
    assert (coming[date(2027, 2, 1)], coming[date(2027, 3, 1)], coming[date(2028, 11, 1)]) == (0, 8_530_679, 8_530_679)
    assert found.has_orders
