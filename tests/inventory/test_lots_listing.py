"""The list of lots."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q

from config.accounts.models import User
from config.audit.edge import BadText
from config.audit.keyset import BadCursor
from inventory import ledger, lots, units
from inventory.lots import BadFilter, LotFilters, Mark, filters
from inventory.lots import rows as reading
from inventory.sites import UnknownSite
from tests.counting import the_same_at_3_and_30
from tests.world import NOW, World


def numbers(world: World, who: str = "dee", *, order: str = "-received", **wanted: object) -> list[str]:
    found = lots.listing(user=world.people[who], filters=LotFilters(**wanted), order=order)  # type: ignore[arg-type]
    return [row.number for row in found.rows]


def test_it_shows_masses_places_and_what_is_contained(world: World) -> None:
    number = world.stock("1000", supplier_lot="Ly-1")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-S2", net=units.enter("400"))
    (row,) = lots.listing(user=world.dee).rows
    assert (row.number, row.material, row.condition, row.supplier_lot) == (number, "nd-oxide", "A", "Ly-1")
    assert (row.net_mg, row.free_mg, row.sites, row.location) == (1_000_000_000, 1_000_000_000, ("ANT",), None)
    assert {at.location: at.net_mg for at in row.where} == {"ANT-S1": 600_000_000, "ANT-S2": 400_000_000}
    assert row.contained == {"Nd": 853_067_945}  # 511,840,767 + 341,227,178: rounded once for each place


def test_it_sums_only_what_the_person_may_see(world: World) -> None:
    number = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("400"))
    ledger.transfer(by=world.by("cem"), lot=number, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("300"))
    (at_braga,) = lots.listing(user=world.cem).rows
    assert (at_braga.net_mg, at_braga.sites) == (400_000_000, ("ANT", "BRA"))
    assert {at.location for at in at_braga.where} == {"ANT-TO-BRA", "BRA-S1"}
    (at_antwerp,) = lots.listing(user=world.ana).rows
    assert (at_antwerp.net_mg, {at.location for at in at_antwerp.where}) == (700_000_000, {"ANT-S1", "ANT-TO-BRA"})


def test_it_hides_lots_of_other_sites_and_everything_from_who_may_not_see(world: World) -> None:
    world.stock("10")
    assert numbers(world, "cem") == []
    assert numbers(world, "adm") == []


def test_it_narrows_by_each_filter(world: World) -> None:
    oxide = world.stock("10", supplier_lot="Alpha-7")
    magnets = world.stock("20", material="ndfeb-block", location="ANT-S2")
    held = world.receive("30", material="ndpr-oxide", location="BRA-QUAR", who="cem", at=NOW - timedelta(days=10))
    for wanted, expected in (
        ({"element": "Dy"}, [magnets]),
        ({"element": "Pr"}, [magnets, held]),
        ({"form": "oxide"}, [oxide, held]),
        ({"material": "ndpr-oxide"}, [held]),
        ({"site": "BRA"}, [held]),
        ({"place": "quarantine"}, [held]),
        ({"condition": "J"}, [held]),
        ({"condition": "ABC"}, [magnets, oxide]),
        ({"verdict": "compliant"}, []),
        ({"verdict": "unknown", "form": "block"}, [magnets]),
        ({"received_after": date(2026, 11, 2)}, [magnets, oxide]),
        ({"received_after": datetime(2026, 11, 2, 9, 1, tzinfo=UTC)}, []),
        ({"due_before": date(2029, 5, 3)}, [magnets]),
        ({"due_before": date(2029, 5, 2)}, []),
    ):
        assert sorted(numbers(world, **wanted)) == sorted(expected), wanted


def test_it_tells_what_is_held_from_what_is_gone(world: World) -> None:
    there, gone = world.stock("10"), world.stock("20")
    ledger.sample(by=world.by("ana"), lot=gone, origin="ANT-S1", net=units.enter("20"))
    assert numbers(world, held=True) == [there]
    assert numbers(world, held=False) == [gone]
    assert numbers(world) == [gone, there]


@pytest.mark.parametrize("search", ["LY-77", "ly-77", "ＬＹ-77", " ly-7731-b "])
def test_it_finds_the_supplier_s_number_by_its_beginning_without_case_and_width(world: World, search: str) -> None:
    found, _other = world.stock("1", supplier_lot="Ly-7731-B"), world.stock("2", supplier_lot="Xy-7731")
    assert numbers(world, search=search) == [found]


@pytest.mark.parametrize("search", ["zz-9", "ZZ-9-α", "ｚｚ-9"])
def test_it_finds_our_number_by_its_beginning(world: World, search: str) -> None:
    found, _other = world.stock("1", lot_number="ZZ-9-Α"), world.stock("2", lot_number="AZZ-9")
    assert numbers(world, search=search) == [found]


@pytest.mark.parametrize("search", ["%", "_", "\\", "RE-%"])
def test_a_search_takes_no_wildcards(world: World, search: str) -> None:
    world.stock("1")
    assert numbers(world, search=search) == []


def test_it_refuses_a_foreign_or_unknown_site_alike(world: World) -> None:
    world.stock("10")
    for who, site in (("cem", "ANT"), ("dee", "NOWHERE")):
        with pytest.raises(UnknownSite) as caught:
            numbers(world, who, site=site)
        assert (caught.value.status, caught.value.field) == (404, "site")


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"condition": "Z"}, BadFilter),
        ({"place": "moon"}, BadFilter),
        ({"verdict": "perhaps"}, BadFilter),
        ({"search": "a\x00b"}, BadText),
        ({"material": "a\u202eb"}, BadText),
        ({"element": "x" * 121}, BadText),
    ],
)
def test_it_refuses_what_cannot_be_read(world: World, wanted: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        numbers(world, **wanted)


def test_it_refuses_an_unknown_order(world: World) -> None:
    with pytest.raises(BadFilter):
        numbers(world, order="price")


def test_it_orders_both_ways_and_pages_without_a_gap(world: World) -> None:
    made = [
        world.stock(kg, material=material, at=NOW - timedelta(hours=hours))
        for kg, material, hours in (
            ("30", "nd-oxide", 3),
            ("10", "ndfeb-block", 2),
            ("10", "nd-oxide", 2),
            ("20", "ndfeb-block", 1),
        )
    ]
    expected = {
        "-received": [made[3], made[2], made[1], made[0]],
        "received": [made[0], made[1], made[2], made[3]],
        "number": made,
        "-number": made[::-1],
        "due": [made[1], made[3], made[0], made[2]],
        "-due": [made[2], made[0], made[3], made[1]],
    }
    for order, rows in expected.items():
        assert numbers(world, order=order) == rows, order
        forwards: list[str] = []
        backwards: list[str] = []
        page = lots.listing(user=world.dee, order=order, size=1)
        while True:
            forwards += [row.number for row in page.rows]
            if not page.next:
                break
            page = lots.listing(user=world.dee, order=order, size=1, cursor=page.next)
        while True:
            backwards = [row.number for row in page.rows] + backwards
            if not page.previous:
                break
            page = lots.listing(user=world.dee, order=order, size=1, cursor=page.previous)
        assert forwards == backwards == rows, order


def test_a_lot_that_arrives_meanwhile_moves_no_page(world: World) -> None:
    made = [world.stock("1") for _ in range(4)]
    first = lots.listing(user=world.dee, size=2)
    world.later(hours=1)
    world.stock("1")
    second = lots.listing(user=world.dee, size=2, cursor=first.next)
    assert [row.number for row in second.rows] == [made[1], made[0]]


def test_it_refuses_a_cursor_of_another_order(world: World) -> None:
    for _ in range(2):
        world.stock("1")
    page = lots.listing(user=world.dee, size=1)
    with pytest.raises(BadCursor):
        lots.listing(user=world.dee, size=1, order="number", cursor=page.next)


def test_it_counts_up_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.audit.keyset.COUNTED", 2)
    for number in range(3):
        page = lots.listing(user=world.dee)
        assert (page.count, page.more, page.counted) == (number, False, str(number))
        world.stock("1")
    page = lots.listing(user=world.dee)
    assert (page.count, page.more, page.counted) == (2, True, "more than 2")


def test_apps_above_give_the_condition_of_below_target(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, _other = world.stock("1"), world.stock("2", material="ndfeb-block")
    monkeypatch.setattr(filters, "_providers", {})
    assert numbers(world, below_target=True) == []
    asked = []

    def oxide(user: User) -> Q:
        asked.append(user)
        return Q(material__code="nd-oxide")

    lots.register_filter("below_target", oxide)
    assert numbers(world, below_target=True) == [wanted]
    assert numbers(world, below_target=False) == [_other]
    assert asked == [world.dee, world.dee]


def test_apps_above_mark_lots(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.stock("1")
    monkeypatch.setattr(reading, "_marks", [])
    mark = Mark("bad", "Below target", "/flags/1/")
    lots.register_mark(lambda user, rows: {row.number: mark for row in rows})
    page = lots.listing(user=world.dee)
    assert lots.marked(world.dee, page.rows) == {number: [mark]}


def test_called_finds_one_lot_by_its_whole_number(world: World) -> None:
    number = world.stock("1", lot_number="Ab-1")
    assert lots.called(user=world.ana, number="ａB-1") == number
    assert lots.called(user=world.ana, number="Ab-") is None
    assert lots.called(user=world.cem, number="Ab-1") is None


def test_it_makes_the_same_queries_at_3_and_at_30(world: World) -> None:
    the_same_at_3_and_30(
        "inventory.lots.listing",
        make=lambda more: [world.stock("10") for _ in range(more)],
        read=lambda: lots.listing(user=world.ana, filters=LotFilters(element="Nd", site="ANT"), order="-due"),
    )


def test_materials_that_are_looked_up_apart_come_in_one_order(world: World) -> None:
    """By receipt and by due day each material has its own index: their first rows are merged, and turned over alike."""
    for index in range(9):
        world.later(hours=1)
        material, produced = ("nd-oxide", "ndpr-oxide", "ndfeb-block")[index % 3], date(2026, 1 + index % 4, 3)
        world.receive(str(index + 1), material=material, produced_on=produced if index % 2 else None)
    filters = lots.LotFilters(element="Nd", held=True)
    for order in lots.ORDERS:
        whole = [row.number for row in lots.listing(user=world.ana, filters=filters, order=order).rows]
        assert len(whole) == 9
        turned, cursor, back = [], "", ""
        while True:
            page = lots.listing(user=world.ana, filters=filters, order=order, cursor=cursor, size=2)
            turned += [row.number for row in page.rows]
            back = page.previous or back
            if not (cursor := page.next):
                break
        assert turned == whole
        before = lots.listing(user=world.ana, filters=filters, order=order, cursor=back, size=2)
        assert [row.number for row in before.rows] == whole[-3:-1]
    assert lots.listing(user=world.ana, filters=lots.LotFilters(element="Nd", form="metal")).rows == []
