"""What the forms have in common: a mass with its unit, a lot as it was seen, and lines of an assay."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import permits_at
from config.accounts.models import User
from config.audit import edge
from config.audit.forms import (
    ActForm,
    MomentField,
    PlainDayField,
    PlainDecimalField,
    PlainTextField,
    PlainWholeField,
    choose,
)
from config.ui import figures
from inventory import catalogue, units
from inventory.ledger import AssayIn
from inventory.lots import LotDetail
from inventory.models import HOLDING
from inventory.names import spoken

UNIT_NAMES = {
    "mg": "mg",
    "g": "g",
    "kg": "kg",
    "t": _("t (metric)"),
    "lb": "lb",
    "short ton": _("short ton (2,000 lb)"),
    "long ton": _("long ton (2,240 lb)"),
    "troy oz": _("troy oz"),
    "flask": _("flask (mercury)"),
}
# A metric ton unit counts contained compound, so no net mass can be stated in it.
UNITS = [(unit, UNIT_NAMES[unit]) for unit in units.UNITS if unit in UNIT_NAMES]
NOWHERE = [("", _("Choose a place"))]
NOW = _("Leave empty for now. Times are UTC.")


class LotForm(ActForm):
    """An act on one lot, as the person saw it: `seen_seq` is the number of the last fact on the page."""

    act: ClassVar[str]
    seen_seq = PlainWholeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lot: LotDetail, user: User, **options: Any) -> None:
        self.lot, self.user = lot, user
        options["initial"] = {"seen_seq": lot.last_seq, **(options.get("initial") or {})}
        super().__init__(*args, **options)

    def renew(self) -> None:
        """A refused form shows the lot as it is now, so it may be sent again on that."""
        super().renew()
        self.show_again(seen_seq=self.lot.last_seq)

    def offer_places(self, name: str, *, kinds: Collection[str] = HOLDING) -> None:
        """Offer in this field where the lot lies in reach of the person, saying what is free there."""
        places = [
            (
                at.location,
                f"{at.location} · "
                + gettext("{mass} free").format(mass=figures.mass(at.free_mg))
                + f" · {at.location_name}",  # last: a phone cuts the end
            )
            for at in self.lot.where
            if at.place in kinds
            and any(permits_at(self.user, self.act, site) for site in (at.site, at.bound_for) if site)
        ]
        choose(self, name, places if len(places) == 1 else [*NOWHERE, *places])


class MassMixin(forms.Form):
    """A mass as it is weighed: quantity and unit. Cleaned to `net`, which keeps both beside the milligrams.

    With `NOTHING` it may be none at all.
    """

    NOTHING: ClassVar[bool] = False

    quantity = PlainTextField(
        what=_("Net mass"),
        longest=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Net, as weighed; plain digits with a point."),
    )
    unit = forms.ChoiceField(choices=UNITS, initial="kg", label=_("Unit"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "quantity" in cleaned and "unit" in cleaned:
            try:
                cleaned["net"] = units.enter(
                    edge.typed(cleaned["quantity"]),
                    cleaned["unit"],
                    field="quantity",
                    element_symbols=self.symbols(),
                    nothing=self.NOTHING,
                )
            except units.BadMass as bad:
                self.add_error("quantity", bad.message)
        return cleaned

    def symbols(self) -> tuple[str, ...]:
        """The elements of what is weighed: a flask holds mercury only."""
        lot: LotDetail | None = getattr(self, "lot", None)
        return tuple(row.symbol for row in lot.contained) if lot else ()


def occurred_at() -> MomentField:
    return MomentField(label=_("When it happened"), help_text=NOW)


def reason(*, required: bool, hint: str | Promise = "") -> PlainTextField:
    return PlainTextField(what=_("Reason"), longest=1000, lines=True, required=required, help_text=hint)


@dataclass(frozen=True)
class AssayLine:
    """The names of the two fields of one line."""

    element: str
    percent: str


class AssayMixin(forms.Form):
    """Lines of element and percent of dry mass, with laboratory and dates. Empty lines are left out.

    Percent becomes a fraction by moving the point, so nothing is rounded. Cleaned to `fractions`.
    """

    LINES = 6

    lab = PlainTextField(what=_("Laboratory"), longest=120, required=False)
    method = PlainTextField(what=_("Method"), longest=120, required=False)
    sampled_on = PlainDayField(label=_("Sampled on"), required=False)

    def assay_lines(self) -> list[AssayLine]:
        return [AssayLine(f"element_{number}", f"percent_{number}") for number in range(1, self.LINES + 1)]

    def add_lines(self, symbols: Sequence[str] = ()) -> None:
        """Add the lines; the first ones are set to `symbols`."""
        elements = [("", "–"), *((row["symbol"], spoken(row["symbol"])) for row in catalogue.elements())]
        for number, line in enumerate(self.assay_lines()):
            first = symbols[number] if number < len(symbols) else ""
            self.fields[line.element] = forms.ChoiceField(
                choices=elements,
                required=False,
                initial=first,
                label=gettext("Element {number}").format(number=number + 1),
            )
            self.fields[line.percent] = percent(
                label=gettext("Percent {number}").format(number=number + 1), required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fractions: dict[str, Decimal] = {}
        for line in self.assay_lines():
            symbol, value = cleaned.get(line.element) or "", cleaned.get(line.percent)
            if value is not None and not symbol:
                self.add_error(line.element, _("Say which element this percentage is of."))
            elif symbol and symbol in fractions:
                self.add_error(
                    line.element, gettext("{symbol} stands in two lines; give it once.").format(symbol=symbol)
                )
            elif symbol and value is not None:
                fractions[symbol] = value.scaleb(-2)
        cleaned["fractions"] = fractions
        return cleaned

    def assay(self, *, moisture: Decimal | None) -> AssayIn:
        """The assay as the ledger takes it."""
        return AssayIn(
            fractions=self.cleaned_data["fractions"],
            lab=self.cleaned_data["lab"],
            method=self.cleaned_data["method"],
            sampled_on=self.cleaned_data["sampled_on"],
            moisture=moisture or Decimal(0),
        )


def percent(*, label: str | Promise, required: bool, help_text: str | Promise = "") -> PlainDecimalField:
    """A percentage with at most 8 decimals, so that its fraction has at most 10."""
    return PlainDecimalField(
        places=8, least=Decimal(0), most=Decimal(100), label=label, required=required, help_text=help_text
    )


def moisture() -> PlainDecimalField:
    """Moisture in percent of wet mass; None when left empty."""
    return percent(
        label=_("Moisture"), required=False, help_text=_("Percent of wet mass; only for forms that bear moisture.")
    )


def pairs(form: forms.Form, lines: Iterable[AssayLine]) -> list[tuple[BoundField, ...]]:
    return [(form[line.element], form[line.percent]) for line in lines]
