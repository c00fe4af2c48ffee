"""The checks, in the order in which they are made and printed."""

from collections.abc import Callable, Iterator

from django.db import transaction

from config.audit import chain
from config.jobs.progress import QUIET, Steps
from inventory import months
from inventory.verification import anchors, chains, history, rounds, rules, sums
from inventory.verification.difference import Difference, Tally

Check = Callable[[Tally], Iterator[Difference]]


def registry(tally: Tally) -> Iterator[Difference]:
    """The chain of what is not a lot's, and the rows it tells of."""
    tally.count("facts in the registry", "SELECT count(*) FROM audit_registryfact")
    for sentence in chain.differences():
        yield Difference("registry", sentence)


def month_sums(tally: Tally) -> Iterator[Difference]:
    """What the nightly job summed by month = the entries it covers."""
    tally.count("sums by month", "SELECT count(*) FROM inventory_positionmonth")
    for number in months.differing():
        yield Difference("months", f"months: sum {number or 'that is missing'} is not what its entries come to")


CHECKS: dict[str, Check] = {
    "Balances are the sum of movements": sums.balances,
    "Counts and rounds are what their facts say": rounds.differing,
    "Positions are the sum of their entries": sums.entries,
    "Months are the sum of their entries": month_sums,
    "Positions are what the lots come to": sums.positions,
    "Every day is what its facts give": history.moments,
    "Lots say the latest of their facts": chains.heads,
    "Chains hold": chains.links,
    "Rows are what their facts say": chains.rows,
    "The registry holds": registry,
    "Rows stand in recorded commands": rules.commands,
    "Two people stand behind what takes two": rules.two_people,
    "Triggers and constraints are in place": rules.guards,
    "Anchors hold": anchors.verify,
}


def one(label: str, tally: Tally) -> list[Difference]:
    """What one check finds. A check that cannot be made on what stands there is a difference too."""
    found: list[Difference] = []
    try:
        with transaction.atomic():
            found.extend(CHECKS[label](tally))
    except Exception as error:
        found.append(Difference("checks", f"check: {label!r} cannot be made: {str(error).splitlines()[0]}"))
    return found


def differences(*, tally: Tally, steps: Steps = QUIET) -> Iterator[Difference]:
    """Every place where the ledger does not hold together. Run it inside one `snapshot`; it names, it never repairs.

    Lets Cancelled of `steps` pass.
    """
    for number, label in enumerate(CHECKS):
        steps.at(number, len(CHECKS), label)
        found = one(label, tally)
        # A check that was broken off in the middle looks like one that cannot be made.
        steps.at(number + 1, len(CHECKS), label)
        yield from found
