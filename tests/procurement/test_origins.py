"""Who delivered what is held: by country and stage, the unknown as unknown, and how much hangs on how few."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from config.jobs.schedule import Counts
from inventory import ledger, months, units, verification
from procurement import origins
from procurement.models import OriginSum
from procurement.origins import Origin
from tests.procurement.market import Market
from tests.world import World


def shown(rows: list[Origin]) -> list[tuple[str, str, str, int]]:
    return [(row.stage, row.country, units.kg(row.mass_mg), row.lots) for row in rows]


def test_what_no_order_brought_is_unknown_and_never_somebodys(world: World, market: Market) -> None:
    number = market.placed(market.line("100"))
    market.receive(number, "100")
    world.stock("40")
    rows = origins.by_country(element="Nd")
    assert shown(rows) == [("separation", "AU", "85.306795", 1), ("separation", "", "34.122718", 1)]


def test_what_was_split_off_came_from_whoever_delivered_the_whole(world: World, market: Market) -> None:
    lot = str(market.receive(market.placed(market.line("100")), "100")["lot"])
    ledger.split(by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("30")])
    assert [(row.country, row.lots) for row in origins.by_country(element="Nd")] == [("AU", 2)]


def test_what_a_reversed_receipt_brought_counts_no_more(world: World, market: Market) -> None:
    answer = market.receive(market.placed(market.line("100")), "100")
    market.reverse(int(answer["movement"]))
    assert origins.by_country(element="Nd") == []


def test_concentration_counts_what_is_known_and_says_how_much_that_is() -> None:
    rows = [Origin("separation", "AU", 60, 1, 1), Origin("separation", "EE", 20, 1, 1), Origin("mining", "", 20, 1, 0)]
    found = origins.concentration(rows)
    assert found is not None
    assert (found.country, found.share_pct, found.hhi) == ("AU", Decimal("75.0"), 6250)
    assert (found.alike, found.known_pct) == (Decimal("1.6"), Decimal("80.0"))
    assert origins.concentration([rows[2]]) is None
    assert origins.concentration([]) is None


def test_the_nightly_sums_change_no_figure_and_come_again_from_the_entries(world: World, market: Market) -> None:
    first = market.placed(market.line("400"))
    lot = str(market.receive(first, "100")["lot"])
    gone = market.receive(first, "50")
    world.stock("40")
    ledger.split(by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("30")])
    before = origins.by_country(element="Nd")
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    assert origins.sum_origins(now=world.now).changed > 0
    assert origins.by_country(element="Nd") == before
    assert origins.sum_origins(now=world.now) == Counts(0, 0)
    # What comes after them is added: more on the order, a part of a lot that was summed, a receipt undone.
    market.receive(first, "60")
    ledger.split(by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("20")])
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("0.5"))
    market.reverse(int(gone["movement"]))
    after = origins.by_country(element="Nd")
    OriginSum.objects.all().delete()
    assert origins.by_country(element="Nd") == after
    assert [(row.country, row.lots) for row in after] == [("AU", 4), ("", 1)]


def test_a_sum_that_its_entries_do_not_come_to_is_named_and_made_anew(world: World, market: Market) -> None:
    market.receive(market.placed(market.line("100")), "100")
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    origins.sum_origins(now=world.now)
    assert origins.differing() == []
    OriginSum.objects.update(mass_mg=1)
    assert origins.differing()
    assert origins.sum_origins(now=world.now).changed > 0
    assert (origins.differing(), origins.sum_origins(now=world.now)) == ([], Counts(0, 0))
    OriginSum.objects.all().delete()
    assert not origins.differing()  # nothing is summed yet, so nothing differs: all is read from the entries


def test_a_sum_stands_once_for_its_key(world: World, market: Market) -> None:
    world.stock("10")
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    origins.sum_origins(now=world.now)
    row = OriginSum.objects.order_by("pk").values().first()
    assert row is not None
    with pytest.raises(IntegrityError, match="origin_sum_key"):
        OriginSum.objects.create(**{**row, "id": None})
