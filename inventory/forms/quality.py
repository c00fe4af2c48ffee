"""What is found about a lot: its condition, an assay, a retest, a count, and that it holds together again."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import permits_at
from config.audit.forms import PlainDayField, PlainTextField, choose, chosen
from config.ui.conditions import NAMES
from inventory.forms.fields import NOWHERE, AssayMixin, LotForm, MassMixin, moisture, occurred_at, pairs, reason
from inventory.models import Count
from inventory.rounds import Round


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


class CountForm(MassMixin, LotForm):
    """What is found of a lot at a place, all of it. What the books say is not shown before it is recorded."""

    act = "lots.count"
    NOTHING = True
    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity"}
    SCANNED = frozenset({"location"})
    location = chosen(_("Where"), longest=48)
    seals = forms.ChoiceField(label=_("Seals"), choices=Count.Seals.choices, widget=forms.RadioSelect)
    occurred_at = occurred_at()
    remarks = PlainTextField(
        what=_("Remarks"),
        longest=1000,
        lines=True,
        required=False,
        help_text=_("By which scale, how many containers, what is damaged."),
    )
    field_order = ("location", "quantity", "unit", "seals", "occurred_at", "remarks")
    WIDE = frozenset({"seals", "remarks"})

    def __init__(self, *args: Any, places: Sequence[Round], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [
            (at.location, f"{at.location} · {at.location_name}")
            for at in places
            if permits_at(self.user, self.act, at.site)
        ]
        choose(self, "location", mine if len(mine) == 1 else [*NOWHERE, *mine])
        self.fields["quantity"].label = gettext("Net mass found")
        self.fields["quantity"].help_text = gettext("All of it that is there; 0 where nothing is left.")


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
