"""What a desk sends: that its news is read. And what the list of changes is narrowed to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from config.audit.forms import FilterForm, KeyedForm, PlainTextField
from inventory import changes


class MomentField(forms.CharField):
    """A moment as pages write it into addresses and forms."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> datetime | None:
        given = super().clean(value)
        if not given:
            return None
        try:
            found = parse_datetime(given.replace(" ", "+")) if given.isascii() else None
        except ValueError:
            found = None
        if found is None or not found.tzinfo or not 1900 < found.year < 9000:
            raise forms.ValidationError(_("Follow the link on the desk again: this moment cannot be read."))
        return found.astimezone(UTC)


class ReadForm(KeyedForm):
    """The moment of the page whose news was read."""

    until = MomentField(widget=forms.HiddenInput)


class ChangesFilterForm(FilterForm):
    """Acts recorded after `since` and up to `until`; a week up to now where nothing is given."""

    NARROWING = ("material", "cause")

    material = PlainTextField(what=_("Material"), longest=48, required=False, widget=forms.HiddenInput)
    cause = forms.ChoiceField(required=False, label=_("Cause"))
    since = MomentField(required=False, label=_("Recorded after"), widget=forms.HiddenInput)
    until = MomentField(required=False, label=_("and up to"), widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        self.fields["cause"] = forms.ChoiceField(
            required=False, label=_("Cause"), choices=[("", _("Any cause")), *changes.CAUSES.items()]
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["until"] = given.get("until") or self.now
        given["since"] = given.get("since") or given["until"] - timedelta(days=7)
        return given
