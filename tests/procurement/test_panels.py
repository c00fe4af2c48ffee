"""What procurement adds to the inventory's pages."""

from datetime import date

from tests.procurement.market import Market
from tests.procurement.pages import People, text


def test_a_lot_says_on_which_order_it_came(people: People, market: Market) -> None:
    number = market.placed()
    lot = market.receive(number, "40")["lot"]
    other = market.world.receive("5")
    assert f"{number} , line 1: 40 kg from Lynas Rare Earths" in text(people.dee.get(f"/lots/{lot}/"))
    assert f'href="/orders/{number}/"' in people.dee.get(f"/lots/{lot}/")
    ana = people.ana.get(f"/lots/{lot}/")
    assert f"{number}, line 1" in text(ana)
    assert f'href="/orders/{number}/"' not in ana
    more = f'href="/deliveries/{market.of(number).pk}/receive/"'
    assert "60 kg still to come" in text(ana)
    assert more in ana
    assert more not in people.dee.get(f"/lots/{lot}/")
    last = market.receive(number, "60")["lot"]
    assert more not in people.ana.get(f"/lots/{last}/")
    assert "Came on an order" not in people.dee.get(f"/lots/{other}/")


def test_a_site_says_what_comes(people: People, market: Market) -> None:
    number = market.placed(market.line("1500", promised_on=date(2026, 11, 1)), market.line("7", site="BRA"))
    shown = text(people.ana.get("/sites/ANT/"))
    for words in ("Deliveries expected", number, "1,500", "Late"):
        assert words in shown
    assert f"/deliveries/{market.of(number).pk}/receive/" in people.ana.get("/sites/ANT/")
    assert "/receive/" not in people.aud.get("/sites/BRA/").split("Deliveries expected")[1].split("</section>")[0]


def test_a_material_says_what_is_on_its_way(people: People, market: Market) -> None:
    number = market.placed(market.line("1500"))
    assert number in text(people.pia.get("/materials/nd-oxide/"))
    assert "On order" not in people.ana.get("/materials/nd-oxide/")
    assert "On order" not in people.pia.get("/materials/ndfeb-block/")
