"""The forms of the rotation pages: what the schedule is narrowed to, a retest, a policy and its end."""

import re
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.forms import FilterForm, KeyedForm, PlainDayField, PlainTextField, PlainWholeField, choose, chosen
from config.ui import figures
from inventory import catalogue, sites
from inventory.shapes import RetestFields
from reserve.models import Rotation, RotationPolicy
from reserve.rotation import months
from reserve.rotation.policies import MOST_AHEAD
from reserve.rotation.reads import ALL, OPEN, RotationRow, Wanted


class ScheduleFilter(FilterForm):
    """What the schedule shows. With `month` it is a calendar."""

    NARROWING = ("site", "material", "state", "method", "since", "until")
    UNTOLD = (*FilterForm.UNTOLD, "month")

    site = chosen(_("Site"), longest=16, required=False)
    material = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        required=False,
        choices=[("", _("Not finished")), *((s.value, s.label) for s in Rotation.State), (ALL, _("All, finished too"))],
    )
    method = forms.ChoiceField(required=False, choices=[("", _("Any method")), *RotationPolicy.Method.choices])
    since = PlainDayField(required=False, label=_("Due from"))
    until = PlainDayField(required=False, label=_("Due until"))
    month = forms.CharField(required=False, max_length=7)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "site", [("", gettext("All sites")), *((row["code"], row["name"]) for row in sites.visible(user))])
        choose(
            self, "material", [("", gettext("All materials")), *((row.code, row.name) for row in catalogue.materials())]
        )

    def clean_month(self) -> date | None:
        given = self.cleaned_data["month"]
        if not given:
            return None
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", given, re.ASCII):
            raise forms.ValidationError(_("Write the month like 2026-12."))
        month = date.fromisoformat(f"{given}-01") if given[:4] != "0000" else date.min
        if not months.EARLIEST <= month <= months.LATEST:
            raise forms.ValidationError(_("The calendar runs from 2000 to 2199."))
        return month

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("The last day lies before the first."))
        return given

    def wanted(self) -> Wanted:
        """What to narrow to, as the door takes it."""
        given = self.cleaned_data
        plain = {name: given[name] for name in ("site", "material", "method", "since", "until")}
        return Wanted(state=given["state"] or OPEN, **plain)

    @property
    def period(self) -> bool:
        """True when a period is asked for, so that its fields are shown."""
        return bool(self.data.get("since") or self.data.get("until"))


class RowRetestForm(RetestFields, KeyedForm):
    """The retest that a row of the schedule asks for."""

    def __init__(self, *args: Any, row: RotationRow, today: date, **options: Any) -> None:
        options["initial"] = {"performed_on": today, **(options.get("initial") or {})}
        super().__init__(*args, **options)
        if row.retest_months:
            proposed = figures.day(today + relativedelta(months=row.retest_months))
            self.count_from(row.retest_months, proposed)
        else:
            self.count_from(None)


class PolicyForm(KeyedForm):
    """A rotation policy, proposed to a second manager."""

    material = forms.ChoiceField(label=_("Material"))
    driver = forms.ChoiceField(label=_("What makes a lot due"), choices=RotationPolicy.Driver.choices)
    method = forms.ChoiceField(
        label=_("Method"), choices=RotationPolicy.Method.choices, initial=RotationPolicy.Method.RETEST
    )
    ahead_months = PlainWholeField(
        label=_("Work begins ahead"),
        min_value=1,
        max_value=MOST_AHEAD,
        initial=9,
        help_text=_("6 for a visual inspection, 9 for a laboratory test (DoDM 4140.27)."),
    )
    source = PlainTextField(
        what=_("Source"),
        longest=300,
        help_text=_("The rule or decision that this follows, so that others can check it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(
            self,
            "material",
            [("", gettext("Choose a material")), *((row.code, row.name) for row in catalogue.materials())],
        )

    def given(self) -> dict[str, Any]:
        """What the door takes."""
        names = ("material", "driver", "method", "ahead_months", "source")
        return {name: self.cleaned_data[name] for name in names}


class PoliciesFilter(FilterForm):
    """Which policies are listed."""

    ended = forms.BooleanField(required=False, label=_("Also those that ended or were refused"))


class PolicyEndForm(KeyedForm):
    """Why a policy should end."""

    reason = PlainTextField(what=_("Reason"), longest=300, help_text=_("For the second manager, in a sentence."))
