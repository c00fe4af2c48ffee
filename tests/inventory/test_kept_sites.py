"""Sites and places as administrators keep them: doors, pages, and that nothing of the stock shows."""

from decimal import Decimal
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit.edge import BadText
from config.audit.models import RegistryFact
from config.audit.refused import Stale
from inventory import places, sites
from inventory.models import Location, Site
from tests.inventory.proof import once, refused
from tests.pages import People, text
from tests.world import World

NEW: dict[str, Any] = {"code": "GHE", "name": "Ghent", "country": "BE", "stores": [("S1", "Hall 1"), ("S2", "Hall 2")]}


def edit(world: World, **changes: Any) -> Any:
    row = places.one(user=world.adm, code="ANT")
    given = {name: getattr(row, name) for name in ("name", "country", "latitude", "longitude", "note", "seen")}
    return places.edit_site(by=world.by("adm"), code="ANT", **{**given, **changes})


def test_a_site_is_opened_with_its_stores_and_is_on_record(world: World) -> None:
    once(sites.open_site, by=world.by("adm"), **NEW)
    assert places.one(user=world.adm, code="GHE").stores == 2
    assert RegistryFact.objects.filter(subject="inventory_site", body__contains="Ghent").exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "ANT"}, sites.DuplicateCode),
        ({"code": "ghe"}, sites.BadCode),
        ({"code": "G/E"}, sites.BadCode),
        ({"code": "G" * 10_000}, sites.BadCode),
        ({"name": "n" * 10_000}, BadText),
        ({"name": ""}, BadText),
        ({"country": "Belgium"}, sites.BadCountry),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, sites.BadCoordinates),
        ({"latitude": Decimal(1)}, sites.BadCoordinates),
        ({"latitude": Decimal("NaN"), "longitude": Decimal(0)}, sites.BadCoordinates),
        ({"stores": [("S1", "A"), ("S1", "B")]}, sites.BadSuffix),
        ({"stores": [("QUAR", "A")]}, sites.BadSuffix),
    ],
)
def test_it_refuses_to_open(world: World, changes: dict[str, Any], refusal: Any) -> None:
    with refused(refusal):
        sites.open_site(by=world.by("adm"), **{**NEW, **changes})


def test_only_administrators(world: World) -> None:
    for who in ("ana", "pia", "dee", "aud"):
        with refused(NotAllowed):
            sites.open_site(by=world.by(who), **NEW)
        with refused(NotAllowed):
            places.edit_location(by=world.by(who), code="ANT-S1", name="x", is_active=False)
        with refused(NotAllowed):
            places.add_location(by=world.by(who), site="ANT", suffix="S3", name="x", kind="store")


def test_a_site_is_renamed_and_a_stale_form_is_refused(world: World) -> None:
    seen = places.one(user=world.adm, code="ANT").seen
    edit(world, name="أنتويرب 🏭", latitude=Decimal("51.22"), longitude=Decimal("4.4"))
    assert Site.objects.get(code="ANT").name == "أنتويرب 🏭"
    with refused(Stale):
        edit(world, name="Antwerpen", seen=seen)


def test_a_place_is_added_renamed_closed_and_opened(world: World) -> None:
    once(places.add_location, by=world.by("adm"), site="ANT", suffix="YD", name="Yard", kind="store")
    once(places.edit_location, by=world.by("adm"), code="ANT-YD", name="North yard", is_active=False)
    assert (Location.objects.get(code="ANT-YD").name, Location.objects.get(code="ANT-YD").is_active) == (
        "North yard",
        False,
    )
    assert "ANT-YD" not in {row.code for row in sites.locations(world.ana)}
    places.edit_location(by=world.by("adm"), code="ANT-YD", name="North yard", is_active=True)
    assert "ANT-YD" in {row.code for row in sites.locations(world.ana)}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"site": "XXX"}, sites.UnknownSite),
        ({"suffix": "s3"}, sites.BadSuffix),
        ({"suffix": "S1"}, sites.DuplicateCode),
        ({"kind": "loss"}, places.BadKind),
        ({"kind": "shed"}, places.BadKind),
        ({"name": "\u202ex"}, BadText),
    ],
)
def test_it_refuses_to_add_a_place(world: World, changes: dict[str, Any], refusal: Any) -> None:
    given: dict[str, Any] = {"site": "ANT", "suffix": "S3", "name": "Hall 3", "kind": "store", **changes}
    with refused(refusal):
        places.add_location(by=world.by("adm"), **given)


def test_a_place_where_lots_lie_or_the_last_of_its_kind_is_not_closed(world: World) -> None:
    world.stock("10")
    for code, refusal in (("ANT-S1", places.LotsLieThere), ("ANT-QUAR", places.LastOfItsKind)):
        with refused(refusal):
            places.edit_location(by=world.by("adm"), code=code, name="x", is_active=False)
    with refused(places.UnknownLocation):
        places.edit_location(by=world.by("adm"), code="ANT-XX", name="x", is_active=False)


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_the_pages_open_and_change(people: People, world: World) -> None:
    assert "Antwerp ANT" in text(people.adm.get("/kept/sites/"))
    answer = people.adm.send("/kept/sites/new/", code="GHE", name="<script>alert(1)</script>", country="BE")
    assert (answer.status_code, answer["Location"]) == (303, "/kept/sites/GHE/")
    assert people.adm.send("/kept/sites/GHE/edit/", latitude="51.05", longitude="3.72").status_code == 303
    assert people.adm.send("/kept/sites/GHE/places/new/", suffix="YD", name="Yard", kind="store").status_code == 303
    assert people.adm.send("/kept/places/GHE-YD/", name="Big yard").status_code == 303
    html = people.adm.get("/kept/sites/GHE/")
    assert "51.05000, 3.72000" in html
    assert "Big yard" in html
    for page in ("/kept/sites/", "/kept/sites/GHE/", "/kept/sites/GHE/edit/", "/kept/sites/GHE/places/new/"):
        assert "<script>alert" not in people.adm.get(page)


def test_a_refused_form_keeps_what_was_typed(people: People) -> None:
    for changes, words in (
        ({"code": "ghe"}, "capital letters"),
        ({"stores": "S1"}, "short code and a name"),
        ({"latitude": "51,05"}, "cannot be read"),
    ):
        answer = people.adm.send(
            "/kept/sites/new/",
            **{"code": "GHE", "name": "Ghent Nord", "country": "BE", **changes},  # type: ignore[arg-type]
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Ghent Nord" in answer.content.decode()


def test_a_site_page_shows_who_works_there_and_no_stock(people: People, world: World) -> None:
    lot = world.stock("4321")
    html = people.adm.get("/kept/sites/ANT/")
    assert all(f"<bdi>{name}</bdi>" in html for name in ("Ana", "Ben"))
    assert "<bdi>Cem</bdi>" not in html
    assert lot not in html
    assert "4,321" not in html


def test_who_may(people: People) -> None:
    for page in ("/kept/sites/", "/kept/sites/new/", "/kept/sites/ANT/", "/kept/places/ANT-S1/", "/materials/new/"):
        people.closed(page, open_to={"adm"})
    people.adm.get("/kept/sites/XXX/", status=404)
    people.adm.get("/kept/places/XXX/", status=404)
