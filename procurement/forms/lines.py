"""Writing an order with its lines. Without a script, "add lines" sends the form and gets it back longer."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from config.accounts.models import User
from config.audit import edge
from config.audit.forms import (
    ActForm,
    PlainDayField,
    PlainDecimalField,
    PlainTextField,
    PlainWholeField,
    choose,
    chosen,
)
from config.audit.refused import Refused
from inventory import catalogue, sites, units
from inventory.shapes import UNITS
from procurement import orders, suppliers
from procurement.models import CURRENCIES, MOST_PER_KG
from procurement.orders.drafting import MOST_LINES

BLANK = 3
ASKED = ("material", "quantity", "unit", "site", "price", "tolerance", "promised")
WRITTEN = ("material", "quantity", "price", "promised")
# What the door calls a line's columns, and what they are called here.
NAMES = {"price_per_kg": "price", "tolerance_pct": "tolerance", "promised_on": "promised"}


class OrderForm(ActForm):
    supplier = chosen(gettext_lazy("Supplier"), longest=16)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES], initial="USD"
    )
    funds_expire_on = PlainDayField(required=False, label=gettext_lazy("Money expires on"))
    note = PlainTextField(what=gettext_lazy("Note"), longest=1000, lines=True, required=False)
    flag = PlainWholeField(required=False, min_value=1, max_value=edge.MOST_ID, widget=forms.HiddenInput)
    version = PlainWholeField(required=False, min_value=1, max_value=edge.MOST_VERSION, widget=forms.HiddenInput)
    count = PlainWholeField(widget=forms.HiddenInput, min_value=1, max_value=MOST_LINES)

    def __init__(self, *args: Any, user: User, count: int = BLANK, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.length = _count(self.data.get("count")) if self.is_bound else min(count, MOST_LINES)
        self.fields["count"].initial = self.length
        choose(self, "supplier", [("", gettext("Choose a supplier")), *suppliers.choices(user, also=self._supplier())])
        self.materials = {row.code: row for row in catalogue.materials()}
        self.sites = [(row["code"], row["name"]) for row in sites.visible(user)]
        for number in range(1, self.length + 1):
            self._add_line(number)
        self._need(1)

    def _supplier(self) -> str:
        """A draft may keep a supplier who went out of use since."""
        return str(self.initial.get("supplier", ""))

    def _add_line(self, number: int) -> None:
        fields = {
            "material": chosen(gettext_lazy("Material"), longest=48, required=False),
            "quantity": PlainTextField(what=gettext_lazy("Mass"), longest=40, required=False, widget=_figure()),
            "unit": forms.ChoiceField(choices=UNITS, initial="kg", label=gettext_lazy("Unit"), required=False),
            "site": chosen(gettext_lazy("To site"), longest=16, required=False),
            "price": PlainDecimalField(
                places=6, least=Decimal(0), most=MOST_PER_KG, required=False, label=gettext_lazy("Price per kg")
            ),
            "tolerance": PlainDecimalField(
                places=2,
                least=Decimal(0),
                most=Decimal(100),
                required=False,
                label=gettext_lazy("Tolerance, % over"),
                initial="0",
            ),
            "promised": PlainDayField(required=False, label=gettext_lazy("Promised for")),
        }
        for name, field in fields.items():
            self.fields[f"{name}_{number}"] = field
        choose(self, f"material_{number}", [("", "–"), *[(row.code, row.name) for row in self.materials.values()]])
        choose(self, f"site_{number}", [("", "–"), *self.sites])

    def shown_lines(self) -> Iterator[tuple[int, list[BoundField]]]:
        """Each line's number and its fields."""
        for number in range(1, self.length + 1):
            yield number, [self[f"{name}_{number}"] for name in ASKED]

    def lines(self) -> list[tuple[BoundField, ...]]:
        return [tuple(fields) for _, fields in self.shown_lines()]

    @classmethod
    def longer(cls, data: QueryDict, *, user: User) -> "OrderForm":
        """The form as it was typed, with more blank lines; nothing is judged yet."""
        given = {name: value for name, value in data.items() if name != "key"}
        return cls(user=user, count=_count(given.pop("count", "")) + BLANK, initial=given)

    def _need(self, *lines: int) -> None:
        """Ask for material, mass and site on these lines only: blank lines are left out."""
        for number in range(1, self.length + 1):
            for name in ("material", "quantity", "site"):
                self.fields[f"{name}_{number}"].required = number in lines

    def full_clean(self) -> None:
        """Clean the lines on which something was written; the first where nothing was."""
        if self.is_bound:
            self.kept = [number for number in range(1, self.length + 1) if self._is_written(number)] or [1]
            self._need(*self.kept)
        super().full_clean()

    def _is_written(self, number: int) -> bool:
        return any(str(self.data.get(f"{name}_{number}", "")).strip() for name in WRITTEN)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["lines"] = [line for number in self.kept if (line := self._line(cleaned, number))]
        return cleaned

    def _line(self, cleaned: dict[str, Any], number: int) -> orders.LineIn | None:
        given = {name: cleaned.get(f"{name}_{number}") for name in ASKED}
        mass = self._mass(given, number)
        if mass is None or any(f"{name}_{number}" in self.errors for name in ASKED):
            return None
        return orders.LineIn(
            material=given["material"] or "",
            ordered=mass,
            site=given["site"] or "",
            price_per_kg=given["price"],
            tolerance_pct=given["tolerance"] or Decimal(0),
            promised_on=given["promised"],
        )

    def _mass(self, given: dict[str, Any], number: int) -> units.Entered | None:
        if not given["quantity"]:
            return None
        row = self.materials.get(given["material"] or "")
        symbols = tuple(line["symbol"] for line in row.elements) if row else ()
        try:
            return units.enter(edge.typed(given["quantity"]), given["unit"] or "kg", element_symbols=symbols)
        except units.BadMass as bad:
            self.add_error(f"quantity_{number}", bad.message)
            return None

    def refuse(self, refusal: Refused) -> None:
        """Put what the door says of a line on that line, though blank lines before it were left out."""
        what, line = refusal.facts.get("what"), refusal.facts.get("line")
        if what and isinstance(line, int) and 0 < line <= len(self.kept):
            refusal.field = f"{NAMES.get(what, what)}_{self.kept[line - 1]}"
        super().refuse(refusal)

    @property
    def seen_version(self) -> int:
        """The version that the form was opened on; 0, which no draft has, when it does not say."""
        return int(self.cleaned_data["version"] or 0)

    def content(self) -> dict[str, Any]:
        """What the order asks for, as the doors take it."""
        given = self.cleaned_data
        return {
            "supplier": given["supplier"],
            "currency": given["currency"],
            "note": given["note"],
            "flag_id": given["flag"],
            "funds_expire_on": given["funds_expire_on"],
            "lines": given["lines"],
        }


def prefilled(query: QueryDict) -> dict[str, Any]:
    """What an address may fill in: the flag that the order answers, and its first line."""
    given = {name: query.get(name, "")[:60] for name in ("flag", "supplier", "material", "net_kg", "site")}
    return {
        "flag": given["flag"] if given["flag"].isascii() and given["flag"].isdigit() else None,
        "supplier": given["supplier"],
        "material_1": given["material"],
        "quantity_1": given["net_kg"],
        "site_1": given["site"],
    }


def as_typed(order: orders.OrderDetail) -> dict[str, Any]:
    """A draft as the form would have it."""
    given: dict[str, Any] = {
        "supplier": order.supplier,
        "currency": order.currency,
        "note": order.note,
        "flag": order.flag_id,
        "funds_expire_on": order.funds_expire_on,
        "version": order.version,
    }
    for line in order.lines:
        values = (
            line.material,
            _plain(line.quantity),
            line.unit,
            line.site,
            _plain(line.price_per_kg),
            _plain(line.tolerance_pct),
            line.promised_on,
        )
        given |= {f"{name}_{line.number}": value for name, value in zip(ASKED, values, strict=True)}
    return given


def _plain(value: Decimal | None) -> str:
    return "" if value is None else edge.plain(value)


def _count(given: Any) -> int:
    text = str(given)
    return min(max(int(text), 1), MOST_LINES) if text.isascii() and text.isdigit() and len(text) < 4 else BLANK


def _figure() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
