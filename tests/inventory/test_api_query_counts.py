"""The API's lists ask the database as often for thirty rows as for three."""

from inventory import ledger, units
from tests.counting import the_same_at_3_and_30
from tests.rest import Callers
from tests.world import World


def rows(api: Callers, path: str, least: int) -> None:
    answer = (
        api.dee.get(path, limit=200)
        if path.partition("/")[0] in {"lots", "movements", "requests"}
        else api.dee.get(path)
    )
    assert answer.status == 200, answer
    assert len(answer["results"]) >= least


def test_lots(api: Callers, world: World) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            world.receive("1")

    the_same_at_3_and_30("api lots", make=make, read=lambda: rows(api, "lots/", 3))


def test_movements(api: Callers, world: World) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            world.receive("1")

    the_same_at_3_and_30("api movements", make=make, read=lambda: rows(api, "movements/", 3))


def test_requests(api: Callers, world: World) -> None:
    lot = world.stock("100")

    def make(more: int) -> None:
        for _ in range(more):
            ledger.ask_adjust(
                by=world.by("ana"), lot=lot, location="ANT-S1", net=units.enter("1"), gain=True, reason="Found"
            )

    the_same_at_3_and_30("api requests", make=make, read=lambda: rows(api, "requests/", 3))


def test_one_lot(api: Callers, world: World) -> None:
    """With three places and with thirty facts more."""
    lot = world.stock("100")

    def make(more: int) -> None:
        for _ in range(more):
            ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("1"))

    def read() -> None:
        assert api.dee.get(f"lots/{lot}/").status == 200

    the_same_at_3_and_30("api lot", make=make, read=read)


def test_positions(api: Callers, world: World) -> None:
    sites = iter(["ANT-S1", "ANT-QUAR"] * 20)
    materials = iter(["nd-oxide", "ndpr-oxide", "ndfeb-block"] * 20)

    def make(more: int) -> None:
        for _ in range(more):
            world.receive("1", material=next(materials), location=next(sites))

    the_same_at_3_and_30("api positions", make=make, read=lambda: rows(api, "positions/", 2))
