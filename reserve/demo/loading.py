"""Loading the demo reserve: all of it or nothing, only into an empty database, only in a trial."""

from collections.abc import Callable
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction

from config.accounts.models import SYSTEM_USERNAME, User
from config.audit.refused import Refused
from config.jobs import outbox
from inventory import ledger, verification
from reserve import flags, rotation
from reserve.demo import catalogue, orders, people, stock, targets, waiting
from reserve.demo.clock import Clock

SEED = 20261124
YEARS = 2
TARGETS_SET_BEFORE = timedelta(days=170)


class NotATrial(Refused):
    code = "not_a_trial"
    template = "The demo reserve is for a trial only, and this is {mode} mode. Nothing was loaded."


class NotEmpty(Refused):
    code = "not_empty"
    template = "This database already holds {what}. The demo reserve loads into an empty one only; nothing was changed."


def holds_something() -> str:
    """What keeps the demo from loading, in words; '' when the database is empty."""
    return "people" if User.objects.exclude(username=SYSTEM_USERNAME).exists() else ""


def load(*, now: datetime, mode: str, tell: Callable[[str], None]) -> dict[str, tuple[User, str]]:
    """Load the demo and return its people with their passwords. Refuses NotATrial, NotEmpty."""
    if mode != "trial":
        raise NotATrial(mode=mode)
    if what := holds_something():
        raise NotEmpty(what=what)
    with transaction.atomic():
        created = people.create()
        start = now - relativedelta(years=YEARS)
        clock = Clock({name: user for name, (user, _) in created.items()}, start, SEED)
        tell("Opening six sites, adding the materials")
        catalogue.load(clock)
        orders.load_suppliers(clock)
        tell("Playing two years of receipts, tests, transfers and orders through the ledger")
        story = stock.tell(clock, start=start, now=now)
        planned_at = now - TARGETS_SET_BEFORE
        story.then(planned_at, lambda: targets.load(clock, planned_at.date()))
        orders.tell(story, now=now)
        waiting.tell(story, now=now)
        story.run()
        tell("Looking at dates, targets and flags")
        _settle(now)
    while outbox.sweep(now=now).seen:
        pass
    return created


def _settle(now: datetime) -> None:
    ledger.lapse_retests(now=now)
    rotation.plan(now=now)
    flags.scan(now=now)
    verification.nightly(now=now)
