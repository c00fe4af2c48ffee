"""Which days and rows the position and the roll-forward show, and what the search box takes."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.forms import FilterForm, PlainDayField, PlainTextField, PlainWholeField, choose
from inventory import catalogue, names
from reserve import shortfall


class AsOfForm(FilterForm):
    """A day for which the position is computed: any since 2000, and ten years ahead."""

    as_of = PlainDayField(label=_("As of"), required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        given = data.copy()
        given["as_of"] = given.get("as_of", "").strip() or today.isoformat()  # the picker shows the day that is meant
        super().__init__(given)
        self.today = today

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if not shortfall.can_be_asked(day, today=self.today):
            raise forms.ValidationError(_("Choose a day since 2000 and at most ten years ahead."))
        return day


class PositionFilter(AsOfForm):
    """What the position page shows, all of it in the address."""

    NARROWING = ("element", "form", "stage", "short")
    UNTOLD = (*FilterForm.UNTOLD, "open")

    element = forms.ChoiceField(required=False)
    form = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(required=False, choices=[("", _("All stages")), *catalogue.STAGES])
    short = forms.ChoiceField(
        required=False,
        choices=[("", _("Met and short")), ("1", _("Short only")), ("2", _("Short beyond what is on order"))],
    )
    open = PlainWholeField(required=False, min_value=1, max_value=edge.MOST_ID, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        super().__init__(data, today=today)
        elements = [(row["symbol"], f"{names.spoken(row['symbol'])} · {row['name']}") for row in catalogue.elements()]
        choose(self, "element", [("", gettext("All elements")), *elements])
        choose(self, "form", [("", gettext("All forms")), *((row["code"], row["name"]) for row in catalogue.forms())])


class PeriodForm(forms.Form):
    """First and last day of a roll-forward, at all sites or one."""

    first = PlainDayField(label=_("From"), required=False)
    last = PlainDayField(label=_("To"), required=False)

    def __init__(self, data: QueryDict, *, today: date) -> None:
        given = data.copy()
        given["first"] = given.get("first", "").strip() or (today - timedelta(days=30)).isoformat()
        given["last"] = given.get("last", "").strip() or today.isoformat()
        super().__init__(given)
        self.today = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first is None or last is None:
            return given
        if not shortfall.FIRST_DAY <= first <= last <= self.today:
            raise forms.ValidationError(
                _("Choose a first day since 2000 and a last day not before it and not after today.")
            )
        return {"first": first, "last": last}


class SearchForm(forms.Form):
    q = PlainTextField(what=_("Search"), longest=80, required=False)
