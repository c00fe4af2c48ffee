"""What the tests of procurement share."""

import pytest

from config.accounts.models import User
from tests.procurement.market import Market, add_suppliers
from tests.procurement.pages import People
from tests.world import PASSWORD, World


@pytest.fixture
def market(world: World) -> Market:
    add_suppliers(world)
    return Market(world)


@pytest.fixture
def max_(world: World) -> User:
    """Somebody who buys and manages: the two-person rule alone stands between them and their own order."""
    found = User.objects.create_user("max", PASSWORD, name="Max", roles=["procurement", "manager"])
    world.people["max"] = found
    return found


@pytest.fixture
def people(market: Market, monkeypatch: pytest.MonkeyPatch) -> People:
    """People at their browsers; the edge's clock is the world's."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: market.world.now)
    return People(market)
