"""What has truly arrived on order lines: their deliveries, without those whose receipt was reversed in the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Sum

from config.accounts.models import User
from config.audit.commands import Opened
from inventory import ledger
from procurement.models import Delivered, Order, OrderEvent, OrderLine
from procurement.transitions import TABLE, State, after_delivery


def counted(line_ids: Iterable[int]) -> dict[int, int]:
    """Line -> mg that count as received, 0 where nothing does. Two queries."""
    lines = list(line_ids)
    rows = list(Delivered.objects.filter(line_id__in=lines).values_list("line_id", "movement_id", "net_mg"))
    gone = ledger.reversed_movements(movement for _, movement, _ in rows)
    sums: dict[int, int] = dict.fromkeys(lines, 0)
    for line_id, movement, net_mg in rows:
        sums[line_id] += 0 if movement in gone else net_mg
    return sums


def settle(opened: Opened, orders: Sequence[Order]) -> list[OrderLine]:
    """Bring the lines of locked orders to what counts, and the orders to the state that follows; the lines it changed.

    Right already, it writes nothing. A reversal is on the timeline from the moment that it is noticed here.
    """
    lines = list(OrderLine.objects.select_for_update().filter(order__in=orders).order_by("pk"))
    true = counted(line.pk for line in lines)
    wrong = [line for line in lines if line.received_mg != true[line.pk]]
    if not wrong:
        return []
    gone = {line.pk: line.received_mg - true[line.pk] for line in wrong}
    for line in wrong:
        line.received_mg = true[line.pk]
    OrderLine.objects.bulk_update(wrong, ["received_mg"])
    changed = [order for order in orders if any(line.order_id == order.pk for line in wrong)]
    follow(changed)
    states = {order.pk: order.state for order in orders}
    system = User.objects.system()  # who reversed it stands in the lot's history; here it is only noticed
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                order_id=line.order_id,
                line=line,
                what="reverse",
                state=states[line.order_id],
                net_mg=gone[line.pk],
                at=opened.now,
                actor_id=system.pk,
                command_id=opened.command_id,
            )
            for line in wrong
        ]
    )
    return wrong


def follow(orders: Sequence[Order]) -> None:
    """Bring locked orders to the state that their lines' deliveries stand for."""
    sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = OrderLine.objects.filter(order__in=orders).values("order_id")
    for row in rows.annotate(delivered=Sum("received_mg"), still=Sum("open_mg")):
        sums[row["order_id"]] = (int(row["delivered"]), int(row["still"]))
    moved = []
    for order in orders:
        delivered_mg, open_mg = sums[order.pk]
        step = TABLE[State(order.state), after_delivery(delivered_mg=delivered_mg, open_mg=open_mg)]
        if step.to != order.state:
            order.state = step.to
            order.version += 1
            moved.append(order)
    Order.objects.bulk_update(moved, ["state", "version"])
