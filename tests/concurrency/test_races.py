"""Two people on one lot at once: whoever comes second sees what the first did, and is refused by name."""

from decimal import Decimal

import pytest
from django.db import transaction

from inventory import ledger, units
from inventory.models import ContainedPosition, Lot
from tests.concurrency.together import finish, waiting
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_moves_contained_mass_by_the_assay_that_came_into_force_while_it_waited(world: World) -> None:
    lot = world.stock("1000", material="ndpr-oxide")
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.6"), "Pr": Decimal("0.2")}, lab="Lab A")
    move = {"lot": lot, "origin": "ANT-S1", "destination": "ANT-QUAR", "net": units.enter("400")}
    second = world.by("ana")
    with transaction.atomic():
        ledger.record_assay(by=world.by("ben"), lot=lot, assay=assay)
        with waiting(lambda: ledger.transfer(by=second, **move)) as other:
            pass
    print(finish(other))
    held = {(p.element.symbol, p.place): p.contained_mg for p in ContainedPosition.objects.filter(condition="A")}
    assert held == {("Nd", "store"): 360_000_000, ("Nd", "quarantine"): 240_000_000,
                    ("Pr", "store"): 120_000_000, ("Pr", "quarantine"): 80_000_000}
