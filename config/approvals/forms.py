"""Deciding on a request: agree, refuse with a note, or take back one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import sites
from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.approvals.models import Request
from config.audit.forms import FilterForm, KeyedForm, PlainTextField, choose, chosen


class DecisionForm(KeyedForm):
    """Which button was pressed, and a note. Who refuses owes the person who asked a reason."""

    decision = forms.ChoiceField(
        choices=[(word, word) for word in ("approve", "refuse", "withdraw")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Press one of the buttons."), "invalid_choice": _("Press one of the buttons.")},
    )
    note = PlainTextField(
        what=_("Note"),
        longest=1000,
        lines=True,
        required=False,
        help_text=_("Needed to refuse: the person who asked reads it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("note"):
            self.add_error("note", _("Say why, so that the person who asked knows what to do."))
        return cleaned


class RequestFilterForm(FilterForm):
    """Which requests to list; those that wait, unless something else is said."""

    NARROWING = ("state",)

    state = forms.ChoiceField(required=False, choices=[("", _("Waiting")), ("all", _("All")), *Request.State.choices])


class GlassFilterForm(FilterForm):
    """Which emergencies to list: by what became of the review, and by site of those that the person sees."""

    NARROWING = ("state", "site")

    state = forms.ChoiceField(
        required=False,
        label=_("Review"),
        choices=[
            ("", _("Any review")),
            ("open", _("To be reviewed")),
            ("overdue", _("Review overdue")),
            ("justified", _("Justified")),
            ("not justified", _("Not justified")),
        ],
    )
    site = chosen(_("Site"), longest=16, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        all_of_them = reach(user, "glass.see") is Reach.ALL
        seen = [(code, f"{code} {name}") for code, name in sites.known() if all_of_them or code in user.site_codes]
        choose(self, "site", [("", gettext("All sites")), *seen])


class BreakGlassForm(KeyedForm):
    """Why a request cannot wait for those who should agree."""

    reason = PlainTextField(
        what=_("What happens if it waits"),
        longest=1000,
        lines=True,
        help_text=_("In a sentence, 20 characters or more. The person who reviews it reads this."),
    )


class ReviewForm(KeyedForm):
    """Which button was pressed, and why."""

    verdict = forms.ChoiceField(
        choices=[(word, word) for word in ("justified", "not justified")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Press one of the buttons."), "invalid_choice": _("Press one of the buttons.")},
    )
    remarks = PlainTextField(
        what=_("Remarks"), longest=1000, lines=True, help_text=_("What you looked at, and what follows.")
    )
