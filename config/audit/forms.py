"""The pages' edge: a form carries the key it was opened with, and takes a refusal back to the field it is about."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By
from config.audit.refused import Refused
from config.ui import figures
from config.ui.widgets import DayInput, MomentInput

# The key of a form that is shown again as it was typed: nothing is ever done under it (config/accounts/typed.py).
NOT_SENT = "not sent"
END_OF_TIME = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class KeyedForm(forms.Form):
    """A form that becomes one command. Sent again, it lands once; refused, it comes back with a new key.

    `RENAMED` maps the fields that doors name in refusals to the fields that stand here.
    """

    RENAMED: ClassVar[dict[str, str]] = {}
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()))

    def clean_key(self) -> str:
        if self.cleaned_data["key"] == NOT_SENT:
            self.add_error(None, _("What you typed is back, and not sent yet. Look it over, then send it."))
            return NOT_SENT
        try:
            return str(edge.key(self.cleaned_data["key"]))
        except edge.NotPlain as plain:
            raise forms.ValidationError(_("Open the form again: {why}").format(why=plain)) from None

    def by(self, user: User, now: datetime) -> By:
        """Who asks, under the key of this form, now."""
        return By(actor=user, key=edge.key(self.cleaned_data["key"]), now=now)

    def attempt(self, do: Callable[[By], Answer], *, user: User, now: datetime) -> Answer | None:
        """Do it under this form's key. None when the form or the door refused: then the form says why, under a new key.

        A right that is missing altogether, or a thing that is not there, is not the form's matter and goes on.
        """
        if not self.is_valid():
            self.renew()
            return None
        try:
            return do(self.by(user, now))
        except NotAllowed:
            raise
        except Refused as refusal:
            if refusal.status == 404 and not refusal.field:
                raise
            self.refuse(refusal)
            return None

    def refuse(self, refusal: Refused) -> None:
        """Put a door's refusal on the field that it is about (or on the form), and give the form a new key."""
        field = self.RENAMED.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)
        self.renew()

    def renew(self) -> None:
        """Give a bound form a new key, so that it can be sent again as another request."""
        self.show_again(key=uuid4())

    def show_again(self, **seen: object) -> None:
        """Bring hidden fields of a bound form to what the page shows now: what is sent next is sent on that."""
        data = cast(QueryDict, self.data).copy()
        for name, value in seen.items():
            data[self.add_prefix(name)] = str(value)
        self.data = data


class ActForm(KeyedForm):
    """A form of one act, drawn field by field: which fields take the whole width, which a scanner may fill."""

    WIDE: ClassVar[frozenset[str]] = frozenset({"reason"})
    SCANNED: ClassVar[frozenset[str]] = frozenset()

    def shown(self) -> list[tuple[BoundField, bool, bool]]:
        """The fields to draw in a row: field, whether it takes the whole width, whether a scanner may fill it."""
        lined = {field.name for line in self.lines() for field in line}
        return [
            (bound, bound.name in self.WIDE, bound.name in self.SCANNED)
            for bound in self.visible_fields()
            if bound.name not in lined
        ]

    def lines(self) -> list[tuple[BoundField, ...]]:
        """Fields that repeat line by line."""
        return []


class PlainWholeField(forms.IntegerField):
    """A whole number in plain ASCII digits: Python's own reading would take `\u0661\u0662`, `1_000` and full-width digits."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip() and not re.fullmatch(r"-?[0-9]{1,19}", value.strip(), re.ASCII):
            raise forms.ValidationError(_("Write a whole number in plain digits, like 12."))
        return super().to_python(value)


class PlainTextField(forms.CharField):
    """Text without control, direction or NUL characters, up to `longest`."""

    def __init__(self, *, what: str | Promise, longest: int = 120, lines: bool = False, **options: Any) -> None:
        self.what, self.longest, self.lines = what, longest, lines
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        options.setdefault("label", what)
        super().__init__(max_length=longest, **options)

    def clean(self, value: Any) -> str:
        clean = super().clean(value)
        try:
            return edge.text(clean, what=str(self.what), longest=self.longest, lines=self.lines)
        except edge.BadText as bad:
            raise forms.ValidationError(bad.message) from None


class PlainDecimalField(forms.CharField):
    """A decimal in plain ASCII digits, at most `places` decimals, between `least` and `most`; None when left empty."""

    def __init__(self, *, places: int, least: Decimal, most: Decimal, **options: Any) -> None:
        self.places, self.least, self.most = places, least, most
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=64, **options)

    def clean(self, value: Any) -> Any:
        clean = super().clean(value)
        if clean in (None, ""):
            return None
        try:
            number = edge.decimal(edge.typed(clean))
        except edge.NotPlain as plain:
            raise forms.ValidationError(_("This cannot be read: {why}").format(why=plain)) from None
        if -int(number.as_tuple().exponent) > self.places:
            raise forms.ValidationError(_("Give at most {places} decimals.").format(places=self.places))
        if not self.least <= number <= self.most:
            raise forms.ValidationError(
                _("It must lie between {least} and {most}.").format(least=self.least, most=self.most)
            )
        return number


class MomentField(forms.CharField):
    """A moment from a datetime-local input (UTC) or RFC 3339; None when left empty. The door refuses the future."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", MomentInput())
        options.setdefault("required", False)
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> datetime | None:
        clean = super().clean(value)
        if not clean:
            return None
        try:
            return edge.moment(clean, now=END_OF_TIME)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None


class PlainDayField(forms.CharField):
    """A day written as YYYY-MM-DD, which is how the browser's own picker sends it; None when left empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", DayInput())
        super().__init__(max_length=10, **options)

    def clean(self, value: Any) -> date | None:
        clean = super().clean(value)
        if not clean:
            return None
        try:
            return edge.day(clean)
        except edge.NotPlain as plain:
            raise forms.ValidationError(_("This cannot be read: {why}").format(why=plain)) from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


# What filters without a label of their own are called by those who hear them.
LABELS = {
    "element": _("Element"),
    "form": _("Form"),
    "place": _("Place"),
    "condition": _("Condition"),
    "verdict": _("Sourcing"),
    "held": _("Held"),
    "frozen": _("Frozen"),
    "below_target": _("Wanted"),
    "order": _("Order of the list"),
    "state": _("State"),
    "method": _("Method"),
    "late": _("Late"),
    "outcome": _("Outcome"),
    "severity": _("Severity"),
    "owner": _("Owner"),
    "stage": _("Stage"),
    "short": _("Met or short"),
    "active": _("In use"),
    "role": _("Role"),
    "status": _("State"),
    "kind": _("Kind"),
    "flag": _("Flag"),
    "material": _("Material"),
}


class FilterForm(forms.Form):
    """What a list is narrowed to, as it stands in the address: all optional, and what cannot be read is said."""

    NARROWING: ClassVar[tuple[str, ...]] = ()
    UNTOLD: ClassVar[tuple[str, ...]] = ("cursor", "order")

    cursor = PlainTextField(what=_("Page"), longest=600, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():  # filters stand in a row without labels
            field.widget.attrs.setdefault("aria-label", field.label or LABELS.get(name, name))

    @property
    def narrowed(self) -> bool:
        """True when anything is set that leaves rows out."""
        return any(self.cleaned_data.get(name) for name in self.NARROWING)

    def words(self) -> list[str]:
        """What a valid form leaves in, field by field, as a sentence would name it: `Site Antwerp`, `Search “Nd”`."""
        given = [(bound, self.cleaned_data.get(bound.name)) for bound in self if bound.name not in self.UNTOLD]
        return [_told(bound, value) for bound, value in given if value not in (None, "", False, [])]


def _told(bound: BoundField, value: Any) -> str:
    widget, label = bound.field.widget, bound.field.label
    if value is True:
        return str(bound.label)
    if isinstance(widget, ChoiceWidget):
        offered = {str(key): text for _index, group in _grouped(widget.choices) for key, text in group}
        values = value if isinstance(value, list) else [value]
        chosen_ones = ", ".join(str(offered.get(str(one), one)) for one in values)
        return f"{label} {chosen_ones}" if label else chosen_ones
    if isinstance(value, str):
        value = f"“{value}”"
    if isinstance(value, date):
        value = figures.moment(value) if isinstance(value, datetime) else figures.day(value)
    return f"{bound.label} {value}"


def _grouped(choices: Any) -> list[tuple[str, Sequence[Any]]]:
    return [(key, text) if isinstance(text, list | tuple) else ("", [(key, text)]) for key, text in choices]


def chosen(what: str | Promise, *, longest: int, radio: bool = False, **options: Any) -> PlainTextField:
    """A choice that the door judges, not the form: sent again, it must reach the door though the choices have moved on."""
    return PlainTextField(
        what=what, longest=longest, widget=forms.RadioSelect() if radio else forms.Select(), **options
    )


def choose(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Offer what this person may choose from."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
    else:
        assert isinstance(field.widget, ChoiceWidget)
        field.widget.choices = choices
