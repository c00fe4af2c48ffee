"""A moment asked for: the lot as it then was, or as was then known."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.audit import edge
from config.audit.refused import Refused


class DayOrMomentField(forms.CharField):
    """A day, which counts whole, or a moment with or without its offset (UTC); not ahead. None when left empty."""

    def __init__(self, *, now: datetime, **options: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "2026-11-24", "autocomplete": "off", "size": 22})
        super().__init__(max_length=40, required=False, widget=widget, **options)
        self.now = now

    def clean(self, value: Any) -> date | datetime | None:
        given = super().clean(value).replace(" ", "+") if value and "T" in value else super().clean(value)
        if not given:
            return None
        try:
            found = edge.day(given) if len(given) == len("2026-11-24") else edge.moment(given, now=self.now)
        except (edge.NotPlain, Refused):
            raise forms.ValidationError(
                _("Give a day like 2026-11-24 or a moment like 2026-11-24T14:30Z that is not ahead.")
            ) from None
        if not isinstance(found, datetime) and found > self.now.astimezone(UTC).date():
            raise forms.ValidationError(_("This day lies ahead: nothing is known of it. Give today or an earlier day."))
        return found


class AsOfForm(forms.Form):
    """`as_of`: what was true. `as_known_on`: as it was recorded by then. Only the second given: as of that same time."""

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_of"] = DayOrMomentField(now=now, label=gettext_lazy("As of"))
        self.fields["as_known_on"] = DayOrMomentField(now=now, label=gettext_lazy("As known on"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("as_of"):
            given["as_of"] = given.get("as_known_on")
        return given
