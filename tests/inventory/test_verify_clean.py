"""Verification of a ledger that nobody went round."""

from inventory import verification
from tests.world import World


def found() -> list[str]:
    with verification.snapshot():
        return [str(difference) for difference in verification.differences(tally=verification.Tally())]


def test_it_finds_nothing_in_an_empty_ledger(world: World) -> None:
    assert found() == []


def test_it(world: World) -> None:
    world.stock("12.5")
    world.stock("100.000001", material="ndpr-oxide")
    assert found() == []
