"""A count while others move the lot: the book mass that it is held against is never that of half a movement."""

import pytest

from inventory import ledger, units
from inventory.models import Balance, Count, Movement
from tests.concurrency.together import together
from tests.inventory.proof import found
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_its_book_mass_is_what_had_moved_before_it(world: World) -> None:
    lot = world.stock("1000")
    counts = [world.by("ben") for _ in range(4)]
    moves = [world.by("ana") for _ in range(8)]
    results = together(
        *(
            lambda by=by: ledger.transfer(by=by, lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("100"))
            for by in moves
        ),
        *(
            lambda by=by: ledger.count(by=by, lot=lot, location="ANT-S1", net=units.enter("1000"), seals="none")
            for by in counts
        ),
    )
    assert not [error for error in results if isinstance(error, BaseException)]
    assert (Movement.objects.filter(kind="transfer").count(), Count.objects.count()) == (8, 4)
    held = Balance.objects.get(location__code="ANT-S1")
    last = Count.objects.latest("pk")
    assert (held.net_mg, held.variance_mg) == (200_000_000, 1_000_000_000 - last.book_mg)
    assert found() == []  # which recomputes the book mass of each count from the movements before it in the chain
