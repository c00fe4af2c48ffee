"""Who delivered what is held: by country and stage, the unknown as unknown, and how much hangs on how few."""

from decimal import Decimal

from inventory import ledger, units
from procurement import origins, suppliers
from procurement.origins import Origin
from tests.procurement.market import Market
from tests.world import World


def shown(rows: list[Origin]) -> list[tuple[str, str, str, int]]:
    return [(row.stage, row.country, units.kg(row.mass_mg), row.lots) for row in rows]


def test_what_no_order_brought_is_unknown_and_never_somebodys(world: World, market: Market) -> None:
    number = market.placed(market.line("100"))
    market.receive(number, "100")
    world.stock("40")
    rows = origins.by_country(user=world.dee, element="Nd")
    assert shown(rows) == [("separation", "AU", "85.306795", 1), ("separation", "", "34.122718", 1)]


def test_what_was_split_off_came_from_whoever_delivered_the_whole(world: World, market: Market) -> None:
    lot = str(market.receive(market.placed(market.line("100")), "100")["lot"])
    ledger.split(by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("30")])
    assert [(row.country, row.lots) for row in origins.by_country(user=world.dee, element="Nd")] == [("AU", 2)]


def test_what_a_reversed_receipt_brought_counts_no_more(world: World, market: Market) -> None:
    answer = market.receive(market.placed(market.line("100")), "100")
    market.reverse(int(answer["movement"]))
    assert origins.by_country(user=world.dee, element="Nd") == []


def test_concentration_counts_what_is_known_and_says_how_much_that_is() -> None:
    rows = [Origin("separation", "AU", 60, 1, 1), Origin("separation", "EE", 20, 1, 1), Origin("mining", "", 20, 1, 0)]
    found = origins.concentration(rows)
    assert found is not None
    assert (found.country, found.share_pct, found.hhi) == ("AU", Decimal("75.0"), 6250)
    assert (found.alike, found.known_pct) == (Decimal("1.6"), Decimal("80.0"))
    assert origins.concentration([rows[2]]) is None
    assert origins.concentration([]) is None


def test_a_person_of_a_site_reads_that_site_alone(world: World, market: Market) -> None:
    market.receive(market.placed(market.line("100")), "100")
    assert origins.by_country(user=world.cem, element="Nd") == []
    assert suppliers.choices(world.dee)
