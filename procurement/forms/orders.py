"""Narrowing the list of orders, and the small forms behind an order's buttons."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import edge
from config.audit.forms import FilterForm, KeyedForm, PlainTextField, PlainWholeField, choose, chosen
from procurement import suppliers
from procurement.forms.listing import late, search
from procurement.orders.acts import WITH_REASON
from procurement.transitions import Act, State


class OrdersFilterForm(FilterForm):
    NARROWING = ("search", "state", "supplier", "late", "funds", "flag")

    search = search(_("Number or supplier"))
    state = forms.ChoiceField(required=False, choices=[("", _("All states")), *State.choices])
    supplier = chosen(_("Supplier"), longest=16, required=False)
    late = late(_("Late or not"))
    funds = forms.ChoiceField(
        required=False,
        label=_("Money"),
        choices=[("", _("Any money")), ("expiring", _("Money expires within 90 days"))],
    )
    flag = PlainWholeField(required=False, min_value=1, max_value=edge.MOST_ID, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "supplier", [("", gettext("All suppliers")), *suppliers.choices(user, active=None)])


class OrderActForm(KeyedForm):
    """One act on an order as the person saw it, with the reason where the act asks for one."""

    version = PlainWholeField(widget=forms.HiddenInput, min_value=1, max_value=edge.MOST_VERSION)

    def __init__(self, *args: Any, act: Act, **options: Any) -> None:
        options.setdefault("auto_id", f"id_{act}_%s")
        super().__init__(*args, **options)
        if act in WITH_REASON:
            self.fields["reason"] = PlainTextField(what=_("Reason"), longest=1000, lines=True, widget=_reason())

    def asked(self) -> dict[str, Any]:
        """Version and reason, as the door takes them."""
        return {"version": self.cleaned_data["version"], "reason": self.cleaned_data.get("reason", "")}


def _reason() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2})
