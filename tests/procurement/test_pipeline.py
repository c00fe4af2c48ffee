"""What is on order."""

from datetime import date
from decimal import Decimal

from django.db import connection

from inventory.models import Position
from procurement import orders, pipeline
from tests.procurement.market import Market


def test_only_placed_and_undelivered_mass_is_on_order(market: Market) -> None:
    for state in ("draft", "submitted", "approved", "received", "cancelled"):
        market.in_state(state)
    placed = market.placed(market.line("100", promised_on=date(2027, 1, 1)), flag_id=5)
    part = market.placed(market.line("80", site="BRA"))
    market.receive(part, "30", who="cem", location="BRA-S1")
    assert [(row.order, row.site, row.on_order_mg, row.flag_id) for row in pipeline.rows()] == [
        (part, "BRA", 50_000_000, None),
        (placed, "ANT", 100_000_000, 5),
    ]


def test_it_never_goes_below_nothing(market: Market) -> None:
    number = market.placed(market.line("100", tolerance_pct=Decimal(10)), market.line("7"))
    market.receive(number, "110")
    assert [row.on_order_mg for row in pipeline.rows()] == [7_000_000]


def test_it_filters_by_material_site_and_flag(market: Market) -> None:
    one = market.placed(market.line(material="ndpr-oxide"), flag_id=5)
    two = market.placed(market.line(site="BRA"))
    assert [row.order for row in pipeline.rows(materials=["ndpr-oxide"])] == [one]
    assert [row.order for row in pipeline.rows(site="BRA")] == [two]
    assert [row.order for row in pipeline.rows(flag_id=5)] == [one]


def test_it_is_one_query_at_3_and_at_30_rows(market: Market, django_assert_num_queries) -> None:
    for many in (3, 27):
        for _ in range(many):
            market.placed()
        with django_assert_num_queries(1):
            pipeline.rows()


def test_the_fragment_names_its_columns(market: Market) -> None:
    market.placed()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({pipeline.SQL}) AS p")
        names = [column.name for column in cursor.description]
    assert names == ["line_id", "order_number", "material_id", "site_id", "promised_on", "on_order_mg"]


def test_on_order_is_not_stock(market: Market) -> None:
    market.placed()
    assert not Position.objects.exists()


def test_a_line_that_was_cancelled_is_off_order(market: Market) -> None:
    number = market.placed()
    orders.cancel(by=market.world.by("pia"), number=number, reason="No")
    assert pipeline.rows() == []
