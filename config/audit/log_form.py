"""What the audit log is narrowed to, as it stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import people
from config.audit.forms import FilterForm, PlainDayField, PlainTextField, choose, chosen
from config.audit.log import LogFilters
from config.audit.models import Command


class LogFilterForm(FilterForm):
    NARROWING = ("person", "kind", "site", "outcome", "since", "until")

    person = chosen(_("Person"), longest=64, required=False)
    kind = PlainTextField(
        what=_("Act"),
        longest=64,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Act, like inventory.receive")}),
    )
    site = PlainTextField(
        what=_("Site"),
        longest=16,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Site code"), "size": 10}),
    )
    outcome = forms.ChoiceField(required=False, choices=[("", _("Done or refused")), *Command.Outcome.choices])
    since = PlainDayField(required=False, label=_("From"))
    until = PlainDayField(required=False, label=_("To"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "person", [("", gettext("Everybody")), *people.names()])

    def filters(self) -> LogFilters:
        """What to narrow to, as the door takes it."""
        return LogFilters(**{name: self.cleaned_data[name] for name in self.NARROWING})
