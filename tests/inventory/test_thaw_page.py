"""The page on which an auditor lets go a lot that was frozen, and the same over the API."""

import pytest

from config.audit.models import Command
from inventory.models import Lot
from tests.counting import counted
from tests.inventory.everything import freeze
from tests.inventory.round_the_door import as_superuser, run
from tests.pages import People, text
from tests.rest import Callers
from tests.world import World

PAGE = "/lots/THE-LOT/thaw/"
BALANCE = "UPDATE inventory_balance SET net_mg = net_mg + %s"


@pytest.fixture
def lot(world: World) -> Lot:
    number = world.stock("10", lot_number="THE-LOT")
    freeze(world, number)
    return Lot.objects.get()


def test_it_lets_go_a_lot_that_holds_together_and_says_so(people: People, lot: Lot) -> None:
    assert "Let it go" in text(people.aud.get("/lots/THE-LOT/"))
    answer = people.aud.send(PAGE, reason="Restored from the backup of the day")
    assert (answer.status_code, answer["Location"]) == (303, "/lots/THE-LOT/")
    assert "holds together and can be worked with again" in text(people.aud.get("/lots/THE-LOT/"))
    assert Lot.objects.get().frozen_at is None
    assert Command.objects.get(kind="inventory.thaw").request["reason"] == "Restored from the backup of the day"


def test_what_still_differs_stays_frozen_and_is_named(people: People, lot: Lot) -> None:
    with as_superuser():
        run(BALANCE, -1)
    answer = people.aud.send(PAGE, reason="It looks well")
    assert answer.status_code == 422
    assert "still differs" in text(answer.content.decode())
    assert Lot.objects.get().frozen_at
    with as_superuser():
        run(BALANCE, 1)


@pytest.mark.parametrize("reason", ["", "a\x07b"])
def test_it_wants_a_reason(people: People, lot: Lot, reason: str) -> None:
    assert people.aud.send(PAGE, reason=reason).status_code == 422
    assert Lot.objects.get().frozen_at


def test_a_lot_that_is_not_frozen_has_no_form(people: People, lot: Lot) -> None:
    Lot.objects.update(frozen_at=None)
    html = people.aud.get(PAGE)
    assert "It is not frozen." in text(html)
    assert f'action="{PAGE}"' not in html
    assert "Let it go" not in text(people.aud.get("/lots/THE-LOT/"))


def test_only_auditors_may(people: People, lot: Lot) -> None:
    people.closed(PAGE, open_to={"aud"})
    assert "Let it go" not in text(people.dee.get("/lots/THE-LOT/"))


def test_the_number_of_queries_is_written_down(people: People, lot: Lot) -> None:
    people.aud.get(PAGE, swap=True)
    with counted("page thaw"):
        people.aud.get(PAGE, swap=True)


def test_the_api_does_the_same(api: Callers, lot: Lot) -> None:
    assert api.dee.post("lots/THE-LOT/thaw/", {"reason": "Restored"}).status == 403
    assert api.aud.post("lots/THE-LOT/thaw/", {}).status == 422
    answer = api.aud.post("lots/THE-LOT/thaw/", {"reason": "Restored"})
    assert (answer.status, answer.body["frozen_at"]) == (200, None)
    assert api.aud.post("lots/THE-LOT/thaw/", {"reason": "Restored"}).body["code"] == "not_frozen"
