"""Narrowing the list of delegations, and lending approvals."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import delegations
from config.accounts.loans import ACT_NAMES, held
from config.accounts.matrix import LENDABLE
from config.accounts.models import User
from config.accounts.people_forms import Ticked
from config.audit.forms import ActForm, FilterForm, PlainDayField, PlainTextField, choose, chosen


class DelegationFilterForm(FilterForm):
    NARROWING = ("state",)

    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("Any state")),
            ("running", gettext_lazy("Running")),
            ("to come", gettext_lazy("To come")),
            ("over", gettext_lazy("Over or ended early")),
        ],
    )


class LendForm(ActForm):
    WIDE = frozenset({"borrower", "acts", "reason"})

    borrower = chosen(
        gettext_lazy("To"),
        longest=64,
        help_text=gettext_lazy(
            "Somebody who sees what is decided and could not decide on it. When several decide, you two count as one."
        ),
    )
    acts = Ticked(label=gettext_lazy("They decide for you on"))
    from_on = PlainDayField(label=gettext_lazy("First day, UTC"))
    until_on = PlainDayField(
        label=gettext_lazy("Last day, UTC"),
        help_text=gettext_lazy("At most 90 days in all."),
    )
    reason = PlainTextField(
        what=gettext_lazy("Reason"),
        longest=1000,
        lines=True,
        help_text=gettext_lazy("Managers, auditors and administrators read it, and it stays on record."),
    )

    def __init__(self, *args: Any, lender: User, today: date, **options: Any) -> None:
        offered = sorted(held(lender.roles, LENDABLE))
        super().__init__(*args, **options)
        self.initial = {"acts": offered, "from_on": today}
        choose(self, "borrower", [("", _("Choose a person")), *delegations.candidates(lender)])
        choose(self, "acts", [(act, str(ACT_NAMES[act]).capitalize()) for act in offered])

    def given(self) -> dict[str, Any]:
        """What the door takes."""
        return {name: self.cleaned_data[name] for name in ("borrower", "acts", "from_on", "until_on", "reason")}
