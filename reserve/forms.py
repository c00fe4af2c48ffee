"""The forms of the reserve's pages. Masses are typed in one unit and travel as milligrams."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from config.accounts.models import User
from config.audit import edge
from config.audit.forms import KeyedForm, PlainDayField, PlainDecimalField, PlainTextField, PlainWholeField, choose
from inventory import catalogue, sites, units
from reserve.targets import TargetIn

Choices = Sequence[tuple[str, str]]
UNITS: Choices = [("t", "t (metric)"), ("kg", "kg"), ("g", "g")]
AHEAD = timedelta(days=3660)
FIRST_DAY = date(2000, 1, 1)
STAGES: Choices = [
    ("", "All stages"),
    ("mining", "Mining"),
    ("separation", "Separation"),
    ("reduction", "Reduction"),
    ("alloying", "Alloying"),
    ("magnet making", "Magnet making"),
]


def mass(label: str, *, required: bool = False) -> PlainDecimalField:
    """A mass in the form's unit; the door says what is too much and what is too fine."""
    return PlainDecimalField(
        places=9, least=Decimal(0), most=Decimal(10) ** 13, label=label, required=required, help_text=""
    )


class AsOfForm(forms.Form):
    """A day for which the position is computed: any since 2000, and ten years ahead."""

    as_of = PlainDayField(label="As of", required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        given = data.copy()
        given["as_of"] = given.get("as_of") or today.isoformat()  # the picker shows the day that is meant
        super().__init__(given)
        self.today = today

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= self.today + AHEAD:
            raise forms.ValidationError("Choose a day since 2000 and at most ten years ahead.")
        return day


class PositionFilter(AsOfForm):
    """What the position page shows, all of it in the address."""

    element = forms.ChoiceField(required=False)
    form = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(required=False, choices=STAGES)
    short = forms.ChoiceField(required=False, choices=[("", "Met and short"), ("1", "Short only")])
    open = PlainWholeField(required=False, min_value=1, max_value=edge.MOST_ID, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        super().__init__(data, today=today)
        elements = [(row["symbol"], f"{row['symbol']} · {row['name']}") for row in catalogue.elements()]
        choose(self, "element", [("", "All elements"), *elements])
        choose(self, "form", [("", "All forms"), *((row["code"], row["name"]) for row in catalogue.forms())])


class FlagFilter(forms.Form):
    """Which flags are listed."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Not closed"),
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("waived", "Waived"),
            ("closed", "Closed"),
            ("all", "All"),
        ],
    )
    severity = forms.ChoiceField(
        required=False,
        choices=[("", "Any severity"), ("critical", "Critical"), ("major", "Major"), ("minor", "Minor")],
    )
    owner = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "owner", [("", "Any owner"), *owners])


class PeriodForm(forms.Form):
    """First and last day of a roll-forward, at all sites or one."""

    first = PlainDayField(label="From", required=False)
    last = PlainDayField(label="To", required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        given = data.copy()
        given["first"] = given.get("first") or (today - timedelta(days=30)).isoformat()
        given["last"] = given.get("last") or today.isoformat()
        super().__init__(given)
        self.today = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first is None or last is None:
            return given
        if not FIRST_DAY <= first <= last <= self.today:
            raise forms.ValidationError(
                "Choose a first day since 2000 and a last day not before it and not after today."
            )
        return {"first": first, "last": last}


class MassForm(KeyedForm):
    """A form whose masses (named in MASSES) are typed in its `unit`. Doors name them `…_kg` in refusals."""

    MASSES: ClassVar[tuple[str, ...]] = ()
    RENAMED: ClassVar[dict[str, str]] = {"required_kg": "required", "daily_use_kg": "daily_use", "floor_kg": "floor"}
    unit = forms.ChoiceField(choices=UNITS, initial="t", label="Unit of the masses")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.MASSES:
            if given.get(name) is None:
                given[f"{name}_mg"] = None
                continue
            try:
                given[f"{name}_mg"] = units.enter(given[name], given.get("unit") or "", field=name).mg
            except units.BadMass as bad:
                self.add_error(name, bad.message)
        return given


class TargetForm(MassForm):
    """A new target, proposed to a second manager."""

    MASSES = ("required", "daily_use", "floor")
    basis = forms.ChoiceField(
        choices=[("contained", "An element in a form (contained mass)"), ("net", "A material (net mass)")],
        initial="contained",
        label="The target is for",
        widget=forms.RadioSelect,
    )
    element = forms.ChoiceField(required=False)
    form = forms.ChoiceField(required=False)
    material = forms.ChoiceField(required=False)
    site = forms.ChoiceField(required=False)
    required = mass("Mass to hold")
    days = PlainWholeField(required=False, min_value=1, max_value=3660, label="Days of use")
    daily_use = mass("Use a day")
    use_basis = PlainTextField(what="Whose use", longest=300, required=False)
    floor = mass("Floor")
    only_compliant = forms.BooleanField(required=False, label="Only stock of proven, compliant sourcing counts")
    effective_from = PlainDayField(label="From")
    source = PlainTextField(what="Source", longest=300)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        elements = [(row["symbol"], f"{row['symbol']} · {row['name']}") for row in catalogue.elements()]
        choose(self, "element", [("", "–"), *elements])
        choose(self, "form", [("", "–"), *((row["code"], row["name"]) for row in catalogue.forms())])
        choose(self, "material", [("", "–"), *((row.code, row.name) for row in catalogue.materials())])
        choose(self, "site", [("", "Whole reserve"), *((row["code"], row["name"]) for row in sites.visible(user))])

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
    required = mass("Mass to hold")
    days = PlainWholeField(required=False, min_value=1, max_value=3660, label="Days of use")
    floor = mass("Floor")
    effective_to = PlainDayField(label="Last day", required=False)
    reason = PlainTextField(what="Reason", longest=1000, lines=True)

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


class SeenForm(KeyedForm):
    """An act on a flag as the person saw it: one that was changed meanwhile is looked at again first."""

    GIVEN: ClassVar[tuple[str, ...]] = ()
    seen_at = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def given(self) -> dict[str, Any]:
        """What the door takes beside the flag."""
        return {name: self.cleaned_data[name] for name in ("seen_at", *self.GIVEN)}


class AcknowledgeForm(SeenForm):
    GIVEN = ("note",)
    note = PlainTextField(what="What will be done", longest=1000, lines=True)


class AssignForm(SeenForm):
    GIVEN = ("owner", "note")
    owner = forms.ChoiceField(label="To")
    note = PlainTextField(what="Note", longest=1000, lines=True, required=False)

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "owner", [("", "Choose a person"), *owners])


class WaiveForm(SeenForm):
    GIVEN = ("until", "note")
    until = PlainDayField(label="Until")
    note = PlainTextField(what="Why it is accepted", longest=1000, lines=True)


class SearchForm(forms.Form):
    q = PlainTextField(what="Search", longest=80, required=False)
