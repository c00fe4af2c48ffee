"""Adding a supplier, changing one, and narrowing their list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.forms import ActForm, FilterForm, PlainTextField, PlainWholeField
from procurement.forms.listing import search


class SuppliersFilterForm(FilterForm):
    NARROWING = ("search", "active")

    search = search(_("Code or name"))
    active = forms.ChoiceField(
        required=False,
        label=_("In use"),
        choices=[("", _("In use or not")), ("yes", _("In use")), ("no", _("Out of use"))],
    )


def _name() -> PlainTextField:
    return PlainTextField(what=_("Name"), longest=120)


def _country() -> PlainTextField:
    return PlainTextField(what=_("Country"), longest=2, help_text=_("Two letters (ISO 3166), like AU."))


class SupplierForm(ActForm):
    code = PlainTextField(
        what=_("Code"), longest=16, help_text=_("2 to 16 capital letters, digits and hyphens; it stays.")
    )
    name = _name()
    country = _country()


class SupplierEditForm(ActForm):
    name = _name()
    country = _country()
    is_active = forms.BooleanField(
        required=False, label=_("In use"), help_text=_("Out of use, no new order can name this supplier.")
    )
    version = PlainWholeField(widget=forms.HiddenInput, min_value=1, max_value=edge.MOST_VERSION)
