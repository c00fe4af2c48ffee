"""What is found about a lot: its condition, an assay, a retest, and that it holds together again."""

from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit.forms import PlainDayField, PlainTextField, choose, chosen
from config.ui.conditions import NAMES
from inventory.forms.fields import AssayMixin, LotForm, moisture, pairs, reason


class ConditionForm(LotForm):
    """The condition that a person gives to a lot. Only A, B and C count towards a target."""

    act = "lots.accept"
    condition = chosen(_("Condition"), longest=1, radio=True)
    reason = reason(required=True, hint=_("What was seen or tested, in a sentence."))
    WIDE = frozenset({"condition", "reason"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(
            self,
            "condition",
            [(code, f"{code} · {name}") for code, name in NAMES.items() if code != self.lot.condition],
        )


class AssayForm(AssayMixin, LotForm):
    """A laboratory's assay, which comes into force at once."""

    act = "lots.assay"
    RENAMED: ClassVar[dict[str, str]] = {"assay": "percent_1"}
    moisture_pct = moisture()
    field_order = ("lab", "method", "sampled_on", "moisture_pct")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lab"].required = True
        self.add_lines([row.symbol for row in self.lot.contained])
        if not self.lot.moisture_bearing:
            del self.fields["moisture_pct"]

    def lines(self) -> list[tuple[BoundField, ...]]:
        return pairs(self, self.assay_lines())


class ThawForm(LotForm):
    """A frozen lot is let go, once its records say again what the ledger says."""

    act = "lots.thaw"
    reason = reason(required=True, hint=_("What differed, and what was done about it."))


class RetestFields(forms.Form):
    """What was found by a retest. Passed, it moves the due date on; failed, it suspends the lot."""

    performed_on = PlainDayField(label=_("Tested on"))
    passed = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("Passed: the lot is what it was")), ("no", _("Failed: suspend the lot (J)"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    next_due_on = PlainDayField(label=_("Next test due"), required=False)
    lab = PlainTextField(what=_("Laboratory"), longest=120, required=False)
    note = PlainTextField(what=_("Note"), longest=1000, lines=True, required=False)

    def count_from(self, months: int | None, example: str = "") -> None:
        """Say what an empty due date stands for; `example` is the day that a test of today would lead to."""
        if not months:
            words = gettext("This material has no interval: give the day.")
        elif example:
            words = gettext(
                "Leave empty for {months} months after the day of the test; for a test today that is {example}."
            )
        else:
            words = gettext("Leave empty for {months} months after the day of the test.")
        self.fields["next_due_on"].help_text = words.format(months=months, example=example)

    def found(self) -> dict[str, Any]:
        """What was found, as the ledger takes it."""
        return {name: self.cleaned_data[name] for name in ("performed_on", "passed", "next_due_on", "lab", "note")}


class RetestForm(RetestFields, LotForm):
    act = "lots.retest"
    WIDE = frozenset({"passed", "note"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count_from(self.lot.retest_months)
