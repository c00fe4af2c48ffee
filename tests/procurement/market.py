"""A supplier and orders, made through the doors."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inventory import ledger, units
from procurement import orders, receiving, suppliers
from procurement.models import Order, OrderLine
from tests.world import World


@dataclass
class Market:
    """Shortest ways to an order in a given state. Pia writes, Dee approves, Ana receives at ANT."""

    world: World

    def line(self, kg: str = "100", **given: Any) -> orders.LineIn:
        asked = {
            "material": "nd-oxide",
            "site": "ANT",
            "price_per_kg": Decimal("62.5"),
            "promised_on": date(2026, 12, 1),
            **given,
        }
        return orders.LineIn(ordered=units.enter(kg), **asked)

    def draft(self, *lines: orders.LineIn, who: str = "pia", **given: Any) -> str:
        asked = {"supplier": "LYNAS", "lines": list(lines) or [self.line()], **given}
        return str(orders.draft(by=self.world.by(who), **asked)["order"])

    def submitted(self, *lines: orders.LineIn, **given: Any) -> str:
        number = self.draft(*lines, **given)
        orders.submit(by=self.world.by("pia"), number=number)
        return number

    def approved(self, *lines: orders.LineIn, **given: Any) -> str:
        number = self.submitted(*lines, **given)
        orders.approve(by=self.world.by("dee"), number=number)
        return number

    def placed(self, *lines: orders.LineIn, **given: Any) -> str:
        number = self.approved(*lines, **given)
        orders.place(by=self.world.by("pia"), number=number)
        return number

    def arrival(self, kg: str, **given: Any) -> ledger.Arrival:
        asked = {"material": "nd-oxide", "location": "ANT-S1", **given}
        return ledger.Arrival(net=units.enter(kg), **asked)

    def receive(self, number: str, kg: str, *, line: int = 1, who: str = "ana", **given: Any) -> dict[str, Any]:
        found = self.of(number, line)
        return receiving.receive(by=self.world.by(who), line_id=found.pk, arrival=self.arrival(kg, **given))

    def reverse(self, movement_id: int) -> None:
        """Have a movement reversed: Ana asks, Dee agrees."""
        from config.approvals import requests

        asked = ledger.ask_reverse(by=self.world.by("ana"), movement_id=movement_id, reason="Weighed twice")
        requests.approve(by=self.world.by("dee"), request_id=asked["request"])

    def in_state(self, state: str) -> str:
        """An order of two lines in this state."""
        number = self.draft(self.line("100"), self.line("50", site="BRA"))
        steps = {
            "submitted": lambda: orders.submit(by=self.world.by("pia"), number=number),
            "approved": lambda: orders.approve(by=self.world.by("dee"), number=number),
            "placed": lambda: orders.place(by=self.world.by("pia"), number=number),
            "part received": lambda: self.receive(number, "100"),
            "received": lambda: self.receive(number, "50", line=2, who="cem", location="BRA-S1"),
        }
        if state == "cancelled":
            orders.cancel(by=self.world.by("pia"), number=number, reason="No longer needed")
        elif state != "draft":
            for name, step in steps.items():
                step()
                if name == state:
                    break
        return number

    @staticmethod
    def order(number: str) -> Order:
        return Order.objects.get(number=number)

    @staticmethod
    def of(number: str, line: int = 1) -> OrderLine:
        return OrderLine.objects.get(order__number=number, number=line)


def add_suppliers(world: World) -> None:
    suppliers.add(by=world.by("pia"), code="LYNAS", name="Lynas Rare Earths", country="AU")
    suppliers.add(by=world.by("pia"), code="NEO", name="Neo Performance Materials", country="CA")
