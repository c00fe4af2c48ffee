"""What administrators write about sites, places and materials. The doors decide, the forms only read."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.audit import edge
from config.audit.forms import ActForm, PlainDecimalField, PlainTextField, PlainWholeField, choose, chosen
from inventory import catalogue, places, units
from inventory.models import Place

PER_LINE = gettext_lazy("One element a line with its percentage of dry mass, like Nd 64.5. Leave empty for a formula.")


def _degrees(label: Any, most: int) -> PlainDecimalField:
    hint = gettext_lazy("Decimal degrees, at most 5 decimals.")
    return PlainDecimalField(
        places=5, least=Decimal(-most), most=Decimal(most), required=False, label=label, help_text=hint
    )


def _months(label: Any) -> PlainWholeField:
    return PlainWholeField(required=False, min_value=1, max_value=catalogue.MOST_MONTHS, label=label)


def _seen() -> PlainTextField:
    return PlainTextField(what=gettext_lazy("State"), longest=32, widget=forms.HiddenInput)


class SiteEditForm(ActForm):
    WIDE = frozenset({"note"})

    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    country = PlainTextField(what=gettext_lazy("Country"), longest=2, help_text=gettext_lazy("Two letters, like US."))
    latitude = _degrees(gettext_lazy("Latitude"), 90)
    longitude = _degrees(gettext_lazy("Longitude"), 180)
    note = PlainTextField(what=gettext_lazy("Note"), longest=300, required=False)
    seen = _seen()


class SiteForm(SiteEditForm):
    RENAMED = {"suffix": "stores"}
    WIDE = frozenset({"note", "stores"})

    code = PlainTextField(
        what=gettext_lazy("Code"), longest=12, help_text=gettext_lazy("2 to 12 capital letters and digits; it stays.")
    )
    stores = PlainTextField(
        what=gettext_lazy("Stores"),
        longest=1000,
        lines=True,
        initial="S1 Store 1\nS2 Store 2",
        help_text=gettext_lazy(
            "One a line: a short code and a name. Quarantine, transit and the other places are made with the site."
        ),
    )
    seen = None  # type: ignore[assignment]  # Django's way to leave out a field of the base
    field_order = ("code", "name", "country", "latitude", "longitude", "stores", "note")

    def clean_stores(self) -> list[tuple[str, str]]:
        lines = [line.split(None, 1) for line in self.cleaned_data["stores"].splitlines() if line.strip()]
        if any(len(line) < 2 for line in lines) or len(lines) > 50:
            raise forms.ValidationError(_("Give a short code and a name on each line, like S3 Hall 3."))
        return [(line[0], line[1]) for line in lines]


class PlaceForm(ActForm):
    suffix = PlainTextField(
        what=gettext_lazy("Short code"), longest=12, help_text=gettext_lazy("The site's code is put before it.")
    )
    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    kind = chosen(gettext_lazy("Kind"), longest=16)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", [(kind.value, Place(kind).label) for kind in places.ADDED])


class PlaceEditForm(ActForm):
    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    is_active = forms.BooleanField(
        required=False,
        label=gettext_lazy("In use"),
        help_text=gettext_lazy("Out of use, nothing can be put there. It can be closed only when nothing lies there."),
    )


class MaterialEditForm(ActForm):
    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    grade = PlainTextField(what=gettext_lazy("Grade"), longest=64, required=False)
    shelf_life_months = _months(gettext_lazy("Expires after, months"))
    retest_months = _months(gettext_lazy("Retest every, months"))
    hazard_class = PlainTextField(what=gettext_lazy("Hazard class"), longest=16, required=False)
    un_number = PlainTextField(what=gettext_lazy("UN number"), longest=8, required=False)
    seen = _seen()


class MaterialForm(MaterialEditForm):
    WIDE = frozenset({"fractions", "source"})

    code = PlainTextField(
        what=gettext_lazy("Code"), longest=48, help_text=gettext_lazy("Small letters, digits, hyphens; it stays.")
    )
    form = chosen(gettext_lazy("Form"), longest=32)
    formula = chosen(gettext_lazy("Formula"), longest=64, required=False)
    purity_pct = PlainDecimalField(
        places=6,
        least=Decimal("0.000001"),
        most=Decimal(100),
        required=False,
        label=gettext_lazy("Purity, % of dry mass"),
        help_text=gettext_lazy("With a formula: its element fractions times this. Empty is 100."),
    )
    fractions = PlainTextField(
        what=gettext_lazy("Elements"), longest=2000, lines=True, required=False, help_text=PER_LINE
    )
    source = PlainTextField(
        what=gettext_lazy("Source of the fractions"),
        longest=300,
        help_text=gettext_lazy("They are frozen with it and today's date."),
    )
    unit = chosen(gettext_lazy("Unit shown"), longest=16, initial="kg", help_text=gettext_lazy("It stays for good."))
    basis = chosen(gettext_lazy("Basis shown"), longest=16)
    shelf_life_type = chosen(gettext_lazy("Shelf life"), longest=8)
    moisture_bearing = forms.BooleanField(required=False, label=gettext_lazy("Bears moisture: counted on dry mass"))
    assay_required = forms.BooleanField(required=False, label=gettext_lazy("Counts by a laboratory's assay only"))
    seen = None  # type: ignore[assignment]  # Django's way to leave out a field of the base
    field_order = (
        *("code", "name", "form", "grade", "formula", "purity_pct", "fractions", "source"),
        *("unit", "basis", "shelf_life_type", "shelf_life_months", "retest_months"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "form", [(row["code"], row["name"]) for row in catalogue.forms()])
        choose(self, "formula", [("", _("None: elements by hand")), *((name, name) for name in catalogue.formulas())])
        choose(self, "unit", [(unit, _(unit)) for unit in units.UNITS if unit != "mtu"])
        choose(self, "basis", catalogue.BASES)
        choose(self, "shelf_life_type", catalogue.SHELF_LIVES)

    def clean_fractions(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for line in self.cleaned_data["fractions"].splitlines():
            words = line.replace("%", " ").split()
            if not words:
                continue
            try:
                symbol, percent = words
                found[symbol] = edge.decimal(percent).scaleb(-2)
            except ValueError:
                raise forms.ValidationError(_("Write one element a line with its percentage, like Nd 64.5.")) from None
        return found

    def material(self, *, dated_on: date) -> catalogue.MaterialIn:
        """What the door takes. With a formula, fractions come from it, unless they are written by hand."""
        given = dict(self.cleaned_data)
        purity, by_hand = given.pop("purity_pct") or Decimal(100), given.pop("fractions")
        pure = catalogue.formulas().get(given["formula"], {})
        parts = by_hand or {
            symbol: (purity.scaleb(-2) * value).quantize(Decimal("1e-10")) for symbol, value in pure.items()
        }
        given.pop("key")
        return catalogue.MaterialIn(**given, fractions=parts, dated_on=dated_on)
