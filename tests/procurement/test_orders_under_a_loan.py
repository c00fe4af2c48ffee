"""Approving an order in the place of who has lent the right."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from config.accounts import delegations, loans
from config.accounts.matrix import NotAllowed
from config.accounts.models import Delegation, User
from config.accounts.ties import LenderTied, OwnOrder
from procurement import orders
from procurement.models import Order
from tests.inventory.round_the_door import as_superuser
from tests.procurement.market import Market


@pytest.fixture
def loan(market: Market) -> Delegation:
    """Dee lends to Paul, who buys beside Pia, for four weeks."""
    world = market.world
    world.people["paul"] = User.objects.create_user("paul", None, name="Paul", roles=["procurement"])
    today = world.now.date()
    answer = delegations.lend(
        by=world.by("dee"),
        borrower="paul",
        acts=["orders.approve"],
        from_on=today,
        until_on=today + timedelta(days=28),
        reason="Leave",
    )
    loans.put_on(world.paul, today=today)
    return Delegation.objects.get(pk=answer["delegation"])


def test_both_names_stand_on_it(market: Market, loan: Delegation) -> None:
    number = market.submitted()
    orders.approve(by=market.world.by("paul"), number=number)
    order = market.order(number)
    assert (order.approved_by.username, order.approved_under) == ("paul", loan)  # type: ignore[union-attr]
    found = orders.one(market.world.pia, number, today=market.world.now.date())
    assert (found.approved_by, found.approved_for, found.events[0].note) == ("Paul", "Dee", "For Dee")
    delegations.end(by=market.world.by("dee"), delegation_id=loan.pk)
    orders.place(by=market.world.by("pia"), number=number)  # what was approved stays approved


def test_nobody_of_the_order_s_chain_approves_it(market: Market, loan: Delegation) -> None:
    mine = market.submitted(who="paul")
    with pytest.raises(OwnOrder):
        orders.approve(by=market.world.by("paul"), number=mine)
    orders.approve(by=market.world.by("dee"), number=mine)  # in her own right, as without the loan
    market.world.dee.roles = ["manager", "procurement"]
    market.world.dee.save()
    number = market.submitted(who="dee")
    with pytest.raises(LenderTied):
        orders.approve(by=market.world.by("paul"), number=number)


def test_an_order_sent_back_forgets_the_loan(market: Market, loan: Delegation) -> None:
    number = market.submitted()
    orders.approve(by=market.world.by("paul"), number=number)
    with pytest.raises(NotAllowed):
        orders.send_back(by=market.world.by("paul"), number=number, reason="Too dear")
    orders.send_back(by=market.world.by("eve"), number=number, reason="Too dear")
    assert (market.order(number).state, market.order(number).approved_under) == ("draft", None)


def test_the_database_refuses_a_loan_on_an_order_that_nobody_approved(market: Market, loan: Delegation) -> None:
    row = Order.objects.filter(number=market.submitted())
    with pytest.raises(IntegrityError, match="order_approved_under_a_loan_by_somebody"), as_superuser():
        row.update(approved_under=loan)


def test_the_database_refuses_an_approval_under_a_loan_that_does_not_count(market: Market, loan: Delegation) -> None:
    number = market.submitted()
    row = Order.objects.filter(number=number)
    given = {"approved_under": loan, "approved_at": market.world.now, "state": "approved"}
    for changed in (
        {"approved_by": market.world.eve},
        {"approved_by": market.world.paul, "approved_at": market.world.now + timedelta(days=40)},
        {"approved_by": market.world.paul, "last_edited_by": market.world.dee},
    ):
        with pytest.raises(IntegrityError, match="order_approved_under_a_loan_that_counts"), transaction.atomic():
            row.update(**given | changed)
