"""What will be eligible of an element in a form, month by month: what dates take away, and what is promised.

Stock alone and stock with orders stand side by side: paper is not stock.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import connection

from config.accounts.models import User
from inventory import positions
from procurement import pipeline
from reserve.elements import FormRow

MONTHS = 24


@dataclass(frozen=True)
class Month:
    """A month's first day: what lapsed and what was promised in the month before it, and what that leaves, in mg."""

    on: date
    lapsed_mg: int
    promised_mg: int
    stock_mg: int
    with_orders_mg: int


@dataclass(frozen=True)
class Projection:
    """From today on. `late_mg` is on order but past its promise: nobody can say when, so it is not drawn."""

    form: str
    months: list[Month]
    late_mg: int
    target_mg: int | None
    floor_mg: int | None

    @property
    def stock(self) -> list[tuple[date, int]]:
        return [(month.on, month.stock_mg) for month in self.months]

    @property
    def with_orders(self) -> list[tuple[date, int]]:
        return [(month.on, month.with_orders_mg) for month in self.months]

    @property
    def has_orders(self) -> bool:
        return any(month.promised_mg for month in self.months)


def of(*, user: User, element: str, form: FormRow, today: date, months: int = MONTHS) -> Projection:
    """Month by month from today; by the form's target where it has one (it may count compliant stock only). Two queries.

    Whoever calls has checked the act `targets.see`.
    """
    firsts = [today.replace(day=1) + relativedelta(months=number) for number in range(1, months + 1)]
    strict = form.target is not None and form.target.only_compliant
    lapsing = positions.lapsing(
        user=user, element=element, form=form.code, as_of=today, until=firsts[-1], only_compliant=strict
    )
    promised, late_mg = _promised(element, form.code, today)
    stock = form.target.eligible_mg if form.target else form.eligible_mg
    found = [Month(today, 0, 0, stock, stock)]
    coming = 0
    for first in firsts:
        before = first - relativedelta(months=1)
        lapsed_mg, promised_mg = lapsing.get(before, 0), promised.get(before, 0)
        stock -= lapsed_mg
        coming += promised_mg
        found.append(Month(first, lapsed_mg, promised_mg, stock, stock + coming))
    target = form.target
    return Projection(
        form.code, found, late_mg, target.required_mg if target else None, target.floor_mg if target else None
    )


def _promised(element: str, form: str, today: date) -> tuple[dict[date, int], int]:
    """First of the month -> contained mg promised in it from today on; and what is past its promise."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT CASE WHEN p.promised_on < %(today)s THEN NULL ELSE date_trunc('month', p.promised_on)::date END,
                   sum(inventory_contained_mg(p.on_order_mg, 0, me.fraction))::bigint
            FROM ({pipeline.SQL}) p
            JOIN inventory_material m ON m.id = p.material_id
            JOIN inventory_form form ON form.id = m.form_id AND form.code = %(form)s
            JOIN inventory_materialelement me ON me.material_id = m.id
            JOIN inventory_element element ON element.id = me.element_id AND element.symbol = %(element)s
            GROUP BY 1
            """,
            {"today": today, "element": element, "form": form},
        )
        found: dict[date | None, int] = dict(cursor.fetchall())
    late_mg = found.pop(None, 0)
    return {month: mass for month, mass in found.items() if month is not None}, late_mg
