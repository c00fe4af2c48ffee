"""The people and places that tests share. Everything is made through the doors, so no test starts where the product cannot.

Ana may write at site ANT, Ben works there too (and accepts what Ana received), Cem belongs to site BRA, Dee and Eve are
managers, Pia buys, Aud audits, Adm and Ada administer.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django.plugin import DjangoDbBlocker

from config.accounts.models import User
from config.audit.commands import By
from inventory import catalogue, ledger, sites, units
from tests import standing

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """People by short name, and the shortest ways to make stock. `now` moves only when a test moves it."""

    people: dict[str, User]
    now: datetime = NOW
    made: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def by(self, who: str, *, now: datetime | None = None) -> By:
        """A fresh key for one act of this person."""
        return By(actor=self.people[who], key=uuid4(), now=now or self.now)

    def later(self, **delta: float) -> datetime:
        """Move the clock on and return it."""
        self.now += timedelta(**delta)
        return self.now

    def receive(
        self,
        kg: str = "1000",
        *,
        material: str = "nd-oxide",
        location: str = "ANT-S1",
        who: str = "ana",
        at: datetime | None = None,
        **arrival: object,
    ) -> str:
        """Receive a lot (condition J) and return its number."""
        given = ledger.Arrival(material=material, location=location, net=units.enter(kg), **arrival)  # type: ignore[arg-type]
        return str(ledger.receive(by=self.by(who), arrival=given, occurred_at=at)["lot"])

    def stock(self, kg: str = "1000", *, condition: str = "A", acceptor: str = "dee", **received: object) -> str:
        """Receive a lot and have another person accept it."""
        number = self.receive(kg, **received)  # type: ignore[arg-type]
        ledger.set_condition(by=self.by(acceptor), lot=number, condition=condition, reason="In specification")
        return number


def _people() -> dict[str, User]:
    roles = {
        "ana": (["warehouse"], ["ANT"]),
        "ben": (["warehouse"], ["ANT"]),
        "cem": (["warehouse"], ["BRA"]),
        "dee": (["manager"], []),
        "eve": (["manager"], []),
        "pia": (["procurement"], []),
        "aud": (["auditor"], []),
        "adm": (["administrator"], []),
        "ada": (["administrator"], []),
    }
    # At once and under one hash: almost every test begins with these nine.
    sealed = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(username=name, password=sealed, name=name.capitalize(), roles=role, site_codes=codes)
        for name, (role, codes) in roles.items()
    )
    return {user.username: user for user in people}


def build() -> World:
    """Two sites with two stores each and a lane between them, and four materials of one chain."""
    world = World(_people())
    for code, name in (("ANT", "Antwerp"), ("BRA", "Braga")):
        sites.open_site(
            by=world.by("adm"), code=code, name=name, country="BE", stores=[("S1", "Store 1"), ("S2", "Store 2")]
        )
    sites.open_lane(by=world.by("adm"), origin="ANT", destination="BRA")
    for material in MATERIALS:
        catalogue.add_material(by=world.by("adm"), material=material)
    return world


_COMMON = {"source": "stoichiometric_factors.csv", "dated_on": date(2026, 11, 1)}
MATERIALS = [
    catalogue.MaterialIn(
        code="re-concentrate",
        name="Rare earth concentrate",
        form="concentrate",
        fractions={"Nd": Decimal("0.08")},
        moisture_bearing=True,
        assay_required=True,
        **_COMMON,  # type: ignore[arg-type]
    ),
    catalogue.MaterialIn(
        code="nd-oxide",
        name="Neodymium oxide 99.5",
        form="oxide",
        formula="Nd2O3",
        fractions={"Nd": Decimal("0.8530679452")},
        shelf_life_type="II",
        retest_months=60,
        **_COMMON,  # type: ignore[arg-type]
    ),
    catalogue.MaterialIn(
        code="ndpr-oxide",
        name="NdPr oxide 99",
        form="oxide",
        fractions={"Nd": Decimal("0.64"), "Pr": Decimal("0.21")},
        shelf_life_type="II",
        retest_months=60,
        **_COMMON,  # type: ignore[arg-type]
    ),
    catalogue.MaterialIn(
        code="ndfeb-block",
        name="NdFeB magnet block",
        form="block",
        fractions={"Nd": Decimal("0.24"), "Pr": Decimal("0.06"), "Dy": Decimal("0.02")},
        shelf_life_type="I",
        shelf_life_months=30,
        **_COMMON,  # type: ignore[arg-type]
    ),
]


@pytest.fixture(scope="session")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> standing.Kept[World]:
    with django_db_blocker.unblock():
        return standing.keep(build)


@pytest.fixture
def world(db: None, standing_world: standing.Kept[World]) -> World:
    return standing_world.again()
