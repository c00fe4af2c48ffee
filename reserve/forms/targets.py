"""Proposing a target, and asking for its change. Masses are typed in one unit and travel as milligrams."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import edge
from config.audit.forms import (
    FilterForm,
    KeyedForm,
    PlainDayField,
    PlainDecimalField,
    PlainTextField,
    PlainWholeField,
    choose,
)
from inventory import catalogue, names, sites, units
from reserve.targets import TargetIn

UNITS = [("t", _("t (metric)")), ("kg", "kg"), ("g", "g")]


def mass(label: str | Promise, *, required: bool = False) -> PlainDecimalField:
    """A mass in the form's unit; the door says what is too much and what is too fine."""
    return PlainDecimalField(
        places=9, least=Decimal(0), most=Decimal(10) ** 13, label=label, required=required, help_text=""
    )


class MassForm(KeyedForm):
    """A form whose masses (named in MASSES) are typed in its `unit`. Doors name them `…_kg` in refusals."""

    MASSES: ClassVar[tuple[str, ...]] = ()
    RENAMED: ClassVar[dict[str, str]] = {"required_kg": "required", "daily_use_kg": "daily_use", "floor_kg": "floor"}
    unit = forms.ChoiceField(choices=UNITS, initial="t", label=_("Unit of the masses"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.MASSES:
            if given.get(name) is None:
                given[f"{name}_mg"] = None
                continue
            try:
                given[f"{name}_mg"] = units.enter(edge.typed(given[name]), given.get("unit") or "", field=name).mg
            except units.BadMass as bad:
                self.add_error(name, bad.message)
        return given


class TargetForm(MassForm):
    """A new target, proposed to a second manager."""

    MASSES = ("required", "daily_use", "floor")
    basis = forms.ChoiceField(
        choices=[("contained", _("An element in a form (contained mass)")), ("net", _("A material (net mass)"))],
        initial="contained",
        label=_("The target is for"),
        widget=forms.RadioSelect,
    )
    element = forms.ChoiceField(required=False, label=_("Element"))
    form = forms.ChoiceField(required=False, label=_("Form"))
    material = forms.ChoiceField(required=False, label=_("Material"))
    site = forms.ChoiceField(required=False, label=_("Site"))
    required = mass(_("Mass to hold"))
    days = PlainWholeField(required=False, min_value=1, max_value=3660, label=_("Days of use"))
    daily_use = mass(_("Use a day"))
    use_basis = PlainTextField(what=_("Whose use"), longest=300, required=False)
    floor = mass(_("Floor"))
    only_compliant = forms.BooleanField(required=False, label=_("Only stock of proven, compliant sourcing counts"))
    effective_from = PlainDayField(label=_("From"))
    source = PlainTextField(what=_("Source"), longest=300)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        elements = [(row["symbol"], f"{names.spoken(row['symbol'])} · {row['name']}") for row in catalogue.elements()]
        choose(self, "element", [("", "–"), *elements])
        choose(self, "form", [("", "–"), *((row["code"], row["name"]) for row in catalogue.forms())])
        choose(self, "material", [("", "–"), *((row.code, row.name) for row in catalogue.materials())])
        choose(
            self, "site", [("", gettext("Whole reserve")), *((row["code"], row["name"]) for row in sites.visible(user))]
        )

    def target(self) -> TargetIn:
        """What the door takes. What belongs to the other basis is left out only where it is empty: the door refuses both."""
        given = self.cleaned_data
        return TargetIn(
            **{name: given[name] for name in ("element", "form", "material", "site", "basis", "days", "use_basis")},
            required_mg=given["required_mg"],
            daily_use_mg=given["daily_use_mg"],
            floor_mg=given["floor_mg"],
            only_compliant=given["only_compliant"],
            effective_from=given["effective_from"],
            source=given["source"],
        )


class ChangeTargetForm(MassForm):
    """Another level, floor or end of a target. What stays empty stays as it is."""

    MASSES = ("required", "floor")
    version = PlainWholeField(widget=forms.HiddenInput)
    required = mass(_("Mass to hold"))
    days = PlainWholeField(required=False, min_value=1, max_value=3660, label=_("Days of use"))
    floor = mass(_("Floor"))
    effective_to = PlainDayField(label=_("Last day"), required=False)
    reason = PlainTextField(what=_("Reason"), longest=1000, lines=True)

    def changes(self) -> dict[str, Any]:
        """What the door takes beside the target and its version."""
        given = self.cleaned_data
        return {
            "version": given["version"],
            "required_mg": given["required_mg"],
            "days": given["days"],
            "floor_mg": given["floor_mg"],
            "effective_to": given["effective_to"],
            "reason": given["reason"],
        }


class TargetsFilter(FilterForm):
    """Which targets are listed."""

    all = forms.BooleanField(required=False, label=_("Ended ones too"))
