"""Which flags are listed, and what people do with one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit.forms import FilterForm, KeyedForm, PlainDayField, PlainTextField, choose

Choices = Sequence[tuple[str, str]]


class FlagFilter(FilterForm):
    """Which flags are listed."""

    NARROWING = ("state", "severity", "owner")

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("Not closed")),
            ("open", _("Open")),
            ("acknowledged", _("Acknowledged")),
            ("waived", _("Waived")),
            ("closed", _("Closed")),
            ("all", _("All")),
        ],
    )
    severity = forms.ChoiceField(
        required=False,
        choices=[("", _("Any severity")), ("critical", _("Critical")), ("major", _("Major")), ("minor", _("Minor"))],
    )
    owner = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "owner", [("", gettext("Any owner")), *owners])


class SeenForm(KeyedForm):
    """An act on a flag as the person saw it: one that was changed meanwhile is looked at again first."""

    GIVEN: ClassVar[tuple[str, ...]] = ()
    seen_at = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def given(self) -> dict[str, Any]:
        """What the door takes beside the flag."""
        return {name: self.cleaned_data[name] for name in ("seen_at", *self.GIVEN)}


class AcknowledgeForm(SeenForm):
    GIVEN = ("note",)
    note = PlainTextField(what=_("What will be done"), longest=1000, lines=True)


class AssignForm(SeenForm):
    GIVEN = ("owner", "note")
    owner = forms.ChoiceField(label=_("To"))
    note = PlainTextField(what=_("Note"), longest=1000, lines=True, required=False)

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "owner", [("", gettext("Choose a person")), *owners])


class WaiveForm(SeenForm):
    GIVEN = ("until", "note")
    until = PlainDayField(label=_("Until"))
    note = PlainTextField(what=_("Why it is accepted"), longest=1000, lines=True)
