"""The search box at size: words people type, beginnings that thousands share, numbers, and what is not there."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from config.accounts.models import User
from inventory.models import Lot
from procurement.models import Order
from tests.bench.figures import Figure, measured
from tests.bench.walk import signed_in

PEOPLE = ("wes", "max")
TYPING = {"HX-Request": "true"}


def words() -> list[str]:
    """What is typed: the kinds of word that cost most, and those that people type most."""
    number, supplier_lot = Lot.objects.order_by("-id").values_list("number", "supplier_lot")[0]
    order = Order.objects.order_by("-id").values_list("number", flat=True).first() or ""
    return [
        *("neodymium", "magnet", "Northern", "Hammond"),
        *("r", "R", "A", "9", "n", "é"),
        *("RE", "RE-2", "RE-25", number[:-2], number, number.lower(), order[:-1], order),
        *(supplier_lot[:3], supplier_lot),
        *("RE-99-00001", "zzzz", "Z", "PO-99", "ZQ 17/4"),
    ]


def warm(people: dict[str, User], *, runs: int) -> list[Figure]:
    """Each word as each person, asked before, `runs` times: while it is typed, and the whole page."""
    figures = []
    for who in PEOPLE:
        client = signed_in(people[who])
        for word in words():
            address = f"{reverse('search')}?{urlencode({'q': word})}"
            for what, headers in (("typing", TYPING), ("search", {})):
                figure = Figure(f"{what} {word!r}", who, client.get(address, headers=headers).status_code)
                for _ in range(runs):
                    with measured(figure):
                        client.get(address, headers=headers)
                figures.append(figure)
    return figures


def cold(people: dict[str, User], *, restart: Callable[[], None]) -> list[Figure]:
    """The first search after the database server started: nothing is in its memory, and no connection is open."""
    figures = []
    for who in PEOPLE:
        client = signed_in(people[who])
        for word in ("neodymium", "R", "RE-25", "zzzz"):
            address = f"{reverse('search')}?{urlencode({'q': word})}"
            connection.close()
            restart()
            figure = Figure(f"cold: search {word!r}", who)
            with measured(figure):
                figure.status = client.get(address).status_code
            figures.append(figure)
    return figures
