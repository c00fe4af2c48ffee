"""What people in the demo have done about its flags, and what still waits for somebody."""

from datetime import datetime, timedelta

from config.accounts import membership
from inventory import ledger, lots
from inventory.units import enter, kg
from reserve import flags, targets
from reserve.demo.stock import Story


def tell(story: Story, *, now: datetime) -> None:
    """Let flags be taken on, given away and waived; leave requests of each kind for the managers to decide."""
    story.then(now - timedelta(days=20), lambda: _worked_on(story))
    story.then(now - timedelta(days=2), lambda: _asked(story))
    story.then(now - timedelta(days=1), lambda: _proposed(story))
    story.then(now - timedelta(hours=6), lambda: _granted(story))


def _worked_on(story: Story) -> None:
    clock = story.clock
    # By depth: one scan opens many flags at once, and their numbers then follow no order that could be told again.
    deepest = sorted(
        flags.listing(user=clock.people["max"]), key=lambda row: (row.eligible_mg * 1000 // row.required_mg, row.name)
    )
    critical, *others = [row for row in deepest if row.severity == "critical"]
    flags.acknowledge(by=clock.by("paula"), flag_id=critical.id, note="Two makers asked for offers; award in spring")
    for row in others[:2]:
        flags.assign(by=clock.by("max"), flag_id=row.id, owner="paula", note="Find a second source")
    minor = [row for row in deepest if row.severity != "critical"]
    if minor:
        until = (story.until + timedelta(days=75)).date()
        flags.waive(by=clock.by("mira"), flag_id=minor[0].id, until=until, note="Covered by the delivery under way")


def _asked(story: Story) -> None:
    clock, wes = story.clock, story.clock.people["wes"]
    first, second, third = lots.listing(user=wes, filters=lots.LotFilters(condition="A", place="store")).rows[:3]
    found = enter(kg(first.where[0].net_mg - 1_250_000))
    lot, place = first.number, first.where[0].location
    ledger.count(
        by=clock.by("wes"), lot=lot, location=place, net=found, seals="broken", remarks="Drum 3: its seal is broken"
    )
    ledger.ask_adjust(
        by=clock.by("wes"),
        lot=lot,
        location=place,
        net=enter("1.25"),
        gain=False,
        reason="Check weight 1.25 kg below the book weight",
    )
    ledger.ask_issue(
        by=clock.by("paula"),
        lot=second.number,
        origin=second.where[0].location,
        net=enter("50"),
        reason="Release order 26-114",
    )
    moved = ledger.transfer(
        by=clock.by("wes"),
        lot=third.number,
        origin=third.where[0].location,
        destination=next(store for store in story.stores[third.where[0].site] if store != third.where[0].location),
        net=enter("10"),
        reason="Typed the wrong lot",
    )
    ledger.ask_reverse(by=clock.by("wes"), movement_id=moved["movement"], reason="It was the lot beside it that moved")


def _proposed(story: Story) -> None:
    row = next(
        row for row in targets.listing(user=story.clock.people["max"]) if row["material_code"] == "gallium-metal"
    )
    targets.change(
        by=story.clock.by("max"),
        target_id=row["id"],
        version=row["version"],
        days=240,
        reason="Export controls on gallium were renewed",
    )


def _granted(story: Story) -> None:
    """Adam adds a person; what she shall be waits for Agnes."""
    membership.add(
        by=story.clock.by("adam"),
        username="lena",
        name="Lena Quay",
        email="lena@reserve.example",
        roles=["warehouse"],
        sites=["HAM"],
        reason="Joins the Hammond depot in December",
    )
