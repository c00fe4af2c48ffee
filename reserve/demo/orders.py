"""The demo's suppliers and orders, in every state, one of them late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from inventory import ledger
from inventory.units import enter
from procurement import deliveries, orders, receiving, suppliers
from reserve import flags
from reserve.demo.catalogue import read
from reserve.demo.clock import Clock
from reserve.demo.stock import WAREHOUSE, Act, Story

Rows = Sequence[dict[str, str]]


def tell(story: Story, *, now: datetime) -> None:
    """Put the orders of data/orders.csv into the story."""
    for _, lines in groupby(read("orders"), key=lambda row: row["order"]):
        rows = list(lines)
        story.then(now - timedelta(days=int(rows[0]["days_ago"])), _order(story, rows, now))


def load_suppliers(clock: Clock) -> None:
    """Add the suppliers of data/suppliers.csv."""
    for row in read("suppliers"):
        suppliers.add(by=clock.by("paula"), code=row["code"], name=row["name"], country=row["country"])


def _order(story: Story, rows: Rows, now: datetime) -> Act:
    first = rows[0]

    def act() -> None:
        answer = orders.draft(
            by=story.clock.by("paula"),
            supplier=first["supplier"],
            lines=[_line(row, now) for row in rows],
            note=first["note"],
            flag_id=_answered(story, first),
        )
        _carry_on(story, answer["order"], rows)

    return act


def _answered(story: Story, row: dict[str, str]) -> int | None:
    """The open flag that the order answers, where the data says that it answers one."""
    if not row["note"].startswith("Answers"):
        return None
    wanted = [flag for flag in flags.listing(user=story.clock.people["max"]) if flag.material == row["material"]]
    return wanted[0].id if wanted else None


def _line(row: dict[str, str], now: datetime) -> orders.LineIn:
    return orders.LineIn(
        material=row["material"],
        ordered=enter(row["kg"]),
        site=row["site"],
        price_per_kg=Decimal(row["price_per_kg"]),
        tolerance_pct=Decimal(row["tolerance_pct"]),
        promised_on=(now + timedelta(days=int(row["promised_in_days"]))).date(),
    )


def _carry_on(story: Story, number: str, rows: Rows) -> None:
    """Let the order come as far as the data says."""
    clock, ends_as = story.clock, rows[0]["ends_as"]
    if ends_as == "draft":
        return
    story.after(1, lambda: _done(orders.submit(by=clock.by("paula"), number=number)))
    if ends_as == "submitted":
        return
    story.after(4, lambda: _done(orders.approve(by=clock.by("max"), number=number)))
    if ends_as == "approved":
        return
    story.after(6, lambda: _done(orders.place(by=clock.by("paula"), number=number)))
    if ends_as == "cancelled":
        story.after(20, lambda: _done(orders.cancel(by=clock.by("paula"), number=number, reason=rows[0]["note"])))
    for row in rows:
        if row["received_kg"] != "0":
            story.after(60, _delivery(story, number, row))


def _delivery(story: Story, number: str, row: dict[str, str]) -> Act:
    def act() -> None:
        who = WAREHOUSE[row["site"]]
        expected = deliveries.expected(story.clock.people[who], today=story.clock.now.date(), size=500).rows
        line = next(found for found in expected if found.order == number and found.material == row["material"])
        arrival = ledger.Arrival(
            material=row["material"],
            location=story.stores[row["site"]][0],
            net=enter(row["received_kg"]),
            supplier_lot=f"{row['supplier']}-{line.line}",
        )
        answer = receiving.receive(by=story.clock.by(who), line_id=line.id, arrival=arrival)
        story.after(5, lambda: _accepted(story, answer["lot"]))

    return act


def _accepted(story: Story, lot: str) -> None:
    ledger.set_condition(by=story.clock.by("mira"), lot=lot, condition="A", reason="In specification")


def _done(answer: object) -> None:
    """A story's act returns nothing; the answer stands in the command's record."""
