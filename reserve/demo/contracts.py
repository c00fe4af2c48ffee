"""The demo's standing orders, one with each supplier, that the lots of data/stock.csv were received against."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from inventory.units import enter
from procurement import orders, pipeline
from reserve.demo.clock import Clock

NOTE = "Call-offs over two years"
PROMISED_AHEAD = timedelta(days=30)

Place = tuple[str, str, str]  # supplier, material, site


class Contracts:
    """Gathers what is ordered from whom, places it, and then knows the line that a lot comes on."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # its own: who supplies a lot changes nothing else of the story
        self.ordered: dict[Place, Decimal] = defaultdict(Decimal)
        self.prices: dict[str, Decimal] = {}
        self.lines: dict[Place, int] = {}

    def choose(self, row: dict[str, str], site: str, kg: Decimal) -> Place | None:
        """Order a lot of a row of data/stock.csv from one of its suppliers; None where it came without an order ("-")."""
        supplier = self.random.choice(row["suppliers"].split("|"))
        if supplier in ("", "-"):
            return None
        place = (supplier, row["material"], site)
        self.ordered[place] += kg
        self.prices[row["material"]] = Decimal(row["price_per_kg"])
        return place

    def begin(self, clock: Clock, *, start: datetime, now: datetime) -> None:
        """Write, approve and place the orders on the first day, before any lot arrives."""
        numbers = {}
        for supplier in sorted({place[0] for place in self.ordered}):
            places = sorted(place for place in self.ordered if place[0] == supplier)
            numbers[self._placed(clock.at(start), supplier, places, (now + PROMISED_AHEAD).date())] = supplier
        for row in pipeline.rows():
            if row.order in numbers:
                self.lines[numbers[row.order], row.material, row.site] = row.line_id

    def _placed(self, clock: Clock, supplier: str, places: Sequence[Place], promised_on: date) -> str:
        lines = [
            orders.LineIn(
                material=place[1],
                ordered=enter(self.ordered[place]),
                site=place[2],
                price_per_kg=self.prices[place[1]],
                promised_on=promised_on,
            )
            for place in places
        ]
        number = str(orders.draft(by=clock.by("paula"), supplier=supplier, lines=lines, note=NOTE)["order"])
        orders.submit(by=clock.by("paula"), number=number)
        orders.approve(by=clock.by("max"), number=number)
        orders.place(by=clock.by("paula"), number=number)
        return number
