"""Moving mass of a lot: transfer, sample, split; and asking for an issue, a correction or a reversal."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import permits_at
from config.audit import edge
from config.audit.forms import PlainTextField, PlainWholeField, choose, chosen
from config.ui import figures
from inventory import sites, units
from inventory.forms.fields import NOWHERE, UNITS, LotForm, MassMixin, occurred_at, reason
from inventory.models import Place
from inventory.movements import MovementRow


class FromPlaceForm(MassMixin, LotForm):
    """Mass leaves one of the places where the lot lies in reach of the person."""

    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity", "location": "origin"}
    SCANNED = frozenset({"origin", "destination"})
    origin = chosen(_("From"), longest=48)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places("origin")


class TransferForm(FromPlaceForm):
    """From where the lot lies to another place of the person's sites, or onto a lane to another site."""

    act = "lots.transfer"
    destination = chosen(_("To"), longest=48)
    occurred_at = occurred_at()
    reason = reason(required=False)
    field_order = ("origin", "destination", "quantity", "unit", "occurred_at", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        here = {at.site for at in self.lot.where}
        nearest = sorted(self.destinations(), key=lambda row: row.site not in here)
        choose(self, "destination", [*NOWHERE, *by_site(nearest)])
        if len(self.lot.where) == 1 and not self.is_bound:
            self.initial.setdefault("quantity", units.kg(self.lot.where[0].free_mg))

    def destinations(self) -> list[sites.LocationRow]:
        """Places of the sites where the person may transfer, lanes among these; not the only one where the lot lies."""
        held = [row for row in sites.holding(self.user) if row.code != self.lot.location]
        return [row for row in held if permits_at(self.user, self.act, row.site)]


class SampleForm(FromPlaceForm):
    """A sample leaves the lot for the laboratory."""

    act = "lots.sample"
    occurred_at = occurred_at()
    reason = reason(required=False, hint=_("What it is for, and the seal of the sample."))
    field_order = ("origin", "quantity", "unit", "occurred_at", "reason")


class SplitForm(LotForm):
    """One or more parts leave the lot at one place and become lots of their own."""

    act = "lots.split"
    PARTS = 4
    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity_1", "parts": "quantity_1", "lot_number": "number_1"}
    location = chosen(_("Where"), longest=48)
    unit = forms.ChoiceField(choices=UNITS, initial="kg", label=_("Unit"))
    reason = reason(required=True, hint=_("Why these parts differ, or will."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places("location")
        for part in range(1, self.PARTS + 1):
            self.fields[f"quantity_{part}"] = PlainTextField(
                what=gettext("Net mass of part {part}").format(part=part),
                longest=40,
                required=part == 1,
                widget=MASS_INPUT,
            )
            self.fields[f"number_{part}"] = PlainTextField(
                what=gettext("Lot number of part {part}").format(part=part),
                longest=40,
                required=False,
                widget=NUMBER_INPUT,
            )

    def lines(self) -> list[tuple[BoundField, ...]]:
        return [(self[f"quantity_{part}"], self[f"number_{part}"]) for part in range(1, self.PARTS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        symbols = tuple(row.symbol for row in self.lot.contained)
        parts, numbers = [], []
        for part in range(1, self.PARTS + 1):
            quantity, number = cleaned.get(f"quantity_{part}"), cleaned.get(f"number_{part}")
            if quantity and "unit" in cleaned:
                try:
                    parts.append(units.enter(edge.typed(quantity), cleaned["unit"], element_symbols=symbols))
                    numbers.append(number or "")
                except units.BadMass as bad:
                    self.add_error(f"quantity_{part}", bad.message)
            elif number:
                self.add_error(f"quantity_{part}", _("Say how much goes into this lot."))
        cleaned |= {"parts": parts, "numbers": numbers}
        return cleaned


class AdjustForm(MassMixin, LotForm):
    """A correction of the book mass; another person has to agree."""

    act = "adjust.ask"
    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity"}
    location = chosen(_("Where"), longest=48)
    gain = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[("loss", _("There is less than the books say")), ("gain", _("There is more than the books say"))],
        widget=forms.RadioSelect,
    )
    occurred_at = occurred_at()
    reason = reason(required=True, hint=_("What was found, by which scale or survey. Who approves decides by this."))
    field_order = ("location", "gain", "quantity", "unit", "occurred_at", "reason")
    WIDE = frozenset({"gain", "reason"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places("location")
        self.fields["quantity"].label = gettext("Net mass to take out or add")


class IssueForm(MassMixin, LotForm):
    """Mass is to leave the reserve from a store; two managers have to agree."""

    act = "issue.ask"
    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity"}
    SCANNED = frozenset({"origin"})
    origin = chosen(_("From"), longest=48)
    reason = reason(required=True, hint=_("For whom, and under which release order. Who approves decides by this."))
    field_order = ("origin", "quantity", "unit", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places("origin", kinds=(Place.STORE,))


class ReverseForm(LotForm):
    """A movement that was a mistake is taken back by a new one; another person has to agree."""

    act = "reverse.ask"
    movement = PlainWholeField(label=_("Movement"), min_value=1, widget=forms.RadioSelect)
    reason = reason(required=True, hint=_("What was wrong. Who approves decides by this."))
    WIDE = frozenset({"movement", "reason"})

    def __init__(self, *args: Any, movements: Sequence[MovementRow], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [row for row in movements if row.reversible and permits_at(self.user, self.act, row.site)]
        choose(self, "movement", [(row.id, described(row)) for row in mine])


def described(row: MovementRow) -> str:
    """A movement in one line."""
    way = f"{row.origin} → {row.destination}"
    return gettext("{kind_name} of {mass}, {way}, {moment}, {who}").format(
        kind_name=row.kind_name,
        mass=figures.mass(row.net_mg),
        way=way,
        moment=figures.moment(row.occurred_at),
        who=row.who,
    )


def by_site(rows: Sequence[sites.LocationRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Places as choices, grouped by site."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        grouped.setdefault(row.site_name, []).append((row.code, f"{row.code} · {row.name}"))
    return list(grouped.items())


MASS_INPUT = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
NUMBER_INPUT = forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("next of ours")})
