"""The pages of the elements."""

import re
from datetime import date
from decimal import Decimal

from config.accounts.models import User
from inventory import catalogue, sites
from reserve import flags
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import hold
from tests.world import MATERIALS, World

FORMS = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")


def trade(world: World) -> Market:
    add_suppliers(world)
    return Market(world)


def sentence(html: str) -> str:
    """The lead sentence, as it is read."""
    said = html.split('<p class="sentence">')[1].split("</p>")[0]
    return " ".join(re.sub(r"<[^>]+>", "", said).replace("\u00a0", " ").split())


def test_it_says_in_plain_words_what_is_held_and_what_is_short(people: People, world: World) -> None:
    hold(world, "62000", form="block")
    world.stock("490000")
    world.stock("2000", material="ndfeb-block")
    said = sentence(people.dee.get("/elements/Nd/"))
    assert "418 t of neodymium held as oxide, 0.48 t as magnet block;" in said
    assert "; the magnet block target is short by 61.5 t." in said
    assert "contained Nd" in said
    assert "As of 2 Nov 2026" in said


def test_it_says_when_all_is_met_and_when_nothing_is_set(people: People, world: World) -> None:
    assert "No neodymium is held; no target is set." in sentence(people.dee.get("/elements/Nd/"))
    hold(world, "10")
    world.stock("100")
    assert "; every target is met." in sentence(people.dee.get("/elements/Nd/"))


def test_it_draws_the_chain_in_order_with_targets_and_marks_what_is_short(people: People, world: World) -> None:
    hold(world, "100", form="block")
    world.stock("100")
    html = people.dee.get("/elements/Nd/")
    chain = html.split('class="figure chain"')[1].split("</svg>")[0]
    assert chain.index(">Oxide<") < chain.index(">Magnet block<")
    assert "target 100" in chain
    assert "short by 100" in chain
    assert "Concentrate" not in chain


def test_it_lists_targets_of_the_element_and_of_materials_with_it(people: People, world: World) -> None:
    hold(world, "100")
    hold(world, "50", material="ndfeb-block")
    hold(world, "50", element="Dy", form="metal")
    shown = text(people.aud.get("/elements/Nd/"))
    assert "Neodymium, oxide whole reserve · contained Nd" in shown
    assert "NdFeB magnet block whole reserve · net mass" in shown
    assert "Dysprosium, metal" not in shown


def test_a_form_can_be_chosen_for_its_lots_and_its_months(people: People, world: World) -> None:
    oxide, block = world.stock("100", produced_on=date(2021, 12, 20)), world.stock("10", material="ndfeb-block")
    html = people.dee.get("/elements/Nd/", {"form": "oxide"})
    assert f"/lots/{oxide}/" in html
    assert f"/lots/{block}/" not in html
    assert "Oxide, next 24 months" in html
    assert f"/lots/{block}/" in people.dee.get("/elements/Nd/", {"form": "block"})
    fragment = people.dee.get("/elements/Nd/", {"form": "oxide"}, swap=True)
    assert fragment.strip() in html
    assert "Magnet block lots" in people.dee.get("/elements/Nd/", {"form": "nonsense"})


def test_the_months_lose_what_lapses_and_show_what_is_promised_apart(people: People, world: World) -> None:
    hold(world, "100")
    world.stock("100", produced_on=date(2021, 12, 20))
    world.stock("10", produced_on=date(2026, 10, 1))
    market = trade(world)
    market.placed(market.line("50", promised_on=date(2027, 1, 15)))
    market.placed(market.line("7", promised_on=date(2026, 10, 1)))
    html = people.dee.get("/elements/Nd/", {"form": "oxide"})
    months = html.split("Oxide, next 24 months")[-1]
    table = text(months.split("<table>")[1].split("</table>")[0])
    assert "2 Nov 2026 93.837474 93.837474" in table
    assert "1 Dec 2026 93.837474 93.837474" in table
    assert "1 Jan 2027 8.530679 8.530679" in table
    assert "1 Feb 2027 8.530679 51.184076" in table
    assert "5.971 kg is past its promised day and not drawn" in text(html)


def test_it_shows_where_it_lies_and_what_is_on_order(people: People, world: World) -> None:
    world.stock("100")
    world.stock("40", location="BRA-S1", who="cem")
    number = trade(world).placed()
    html = people.dee.get("/elements/Nd/")
    shown = text(html)
    assert "ANT 85.307 kg 100.000 kg net BRA 34.123 kg 40.000 kg net" in shown
    assert f"/orders/{number}/" in html


def test_warehouse_people_see_their_own_stock_and_no_target(people: People, world: World) -> None:
    hold(world, "62000")
    world.stock("100")
    world.stock("4000", location="BRA-S1", who="cem")
    flags.scan(now=world.now)
    html = people.ana.get("/elements/Nd/")
    shown = text(html)
    assert "85.3 kg of neodymium held as oxide at ANT. More is wanted here." in sentence(html)
    for secret in ("62", "short", "Target", "Flags", "On order", "BRA", "next 24 months"):
        assert secret not in shown, secret
    assert "More is wanted here" not in text(people.ana.get("/elements/Dy/"))


def test_the_list_shows_what_is_held_by_stage_and_how_targets_stand(people: People, world: World) -> None:
    hold(world, "100")
    hold(world, "100", element="Ga", form="metal")
    world.stock("100", material="ndpr-oxide")
    shown = text(people.dee.get("/elements/"))
    assert "Neodymium Nd · light rare earth – 64.000 kg – – – 1 of 1 64 % Neodymium, oxide" in shown
    assert "Praseodymium Pr · light rare earth – 21.000 kg – – – no target –" in shown
    assert "Gallium Ga – – – – – 1 of 1 0 %" in shown
    assert "Cerium" not in shown
    assert "0 %" not in text(people.ana.get("/elements/"))


def test_an_element_that_is_not_there_is_not_found(people: People) -> None:
    people.dee.get("/elements/Xx/", status=404)
    people.dee.get("/elements/nd/", status=404)


def test_they_are_closed_to_strangers_and_administrators(people: People) -> None:
    people.closed("/elements/", open_to={"ana", "pia", "dee", "aud"})
    people.closed("/elements/Nd/", open_to={"ana", "pia", "dee", "aud"})


def test_they_only_read(people: People) -> None:
    assert people.dee.client.post("/elements/").status_code == 405
    assert people.dee.client.post("/elements/Nd/").status_code == 405


def test_it_asks_as_often_for_thirty_lots_and_targets_as_for_three(people: People, world: World) -> None:
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in FORMS])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)
            world.stock("1")
        flags.scan(now=world.now)

    the_same_at_3_and_30("page element", make=make, read=lambda: people.pia.get("/elements/Nd/", {"form": "oxide"}))


def test_the_list_asks_as_often_for_thirty_materials_as_for_three(people: People, world: World) -> None:
    numbers = iter(range(40))
    oxide = next(vars(material) for material in MATERIALS if material.code == "nd-oxide")

    def make(more: int) -> None:
        for _ in range(more):
            code = f"oxide-{next(numbers)}"
            catalogue.add_material(by=world.by("adm"), material=catalogue.MaterialIn(**{**oxide, "code": code}))
            world.stock("1", material=code)

    the_same_at_3_and_30("page elements", make=make, read=lambda: people.dee.get("/elements/"))


def test_it_shows_the_past_months_what_changed_and_why(people: People, world: World) -> None:
    hold(world, "100")
    world.now = world.now.replace(month=10, day=5)
    world.stock("40")
    world.now = world.now.replace(month=11, day=2)
    number = world.stock("10")
    html = people.dee.get("/elements/Nd/", {"form": "oxide"})
    shown = text(html)
    assert "Oxide, past 24 months" in shown
    assert "31 Oct 2026 34.122718 34.122718" in shown
    assert "2 Nov 2026 42.653397 42.653397 100" in shown
    assert "Up 8.53 kg since 31 Oct 2026: accepted +8.53 kg." in shown
    changed = html.split('id="changed"')[1]
    assert f"/lots/{number}/" in changed.split("</section>")[0]


def test_it_draws_where_it_lies_or_says_that_nobody_knows(people: People, world: World) -> None:
    world.stock("100")
    shown = text(people.dee.get("/elements/Nd/"))
    assert "Where it lies" in shown
    assert "Circle area in proportion" not in shown
    sites.open_site(
        by=world.by("adm"),
        code="GEN",
        name="Genk",
        country="BE",
        stores=[("S1", "Store")],
        latitude=Decimal("50.97"),
        longitude=Decimal("5.5"),
    )
    User.objects.create_user("gil", "correct horse battery", name="Gil", roles=["warehouse"], site_codes=["GEN"])
    world.people["gil"] = User.objects.get(username="gil")
    world.stock("5", who="gil", location="GEN-S1")
    html = people.dee.get("/elements/Nd/")
    assert "Genk" in html.split('class="figure chart map"')[1].split("</svg>")[0]
    assert "Without coordinates, so not drawn: Antwerp." in text(html)
    assert "Genk" not in people.ana.get("/elements/Nd/")


def test_it_says_who_delivered_it_and_that_the_rest_is_unknown(people: People, world: World) -> None:
    market = trade(world)
    market.receive(market.placed(market.line("60")), "60")
    world.stock("40")
    shown = text(people.dee.get("/elements/Nd/"))
    assert "All that is known came from suppliers of one country, AU" in shown
    assert "Of 40 % of what is held nobody is recorded." in shown
    assert "where it was mined, separated or melted is not recorded" in shown
    assert "Unknown received without an order" in shown
    for who in ("pia", "aud"):
        assert "Who it came from" in text(getattr(people, who).get("/elements/Nd/"))
    assert "Who it came from" not in text(people.ana.get("/elements/Nd/"))
