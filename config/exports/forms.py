"""What the export pages take."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.audit.forms import FilterForm, KeyedForm, PlainTextField
from config.exports.making import LONGEST_QUERY


class ExportForm(KeyedForm):
    """The button of a list: which format, narrowed how, which columns. The door judges them all."""

    format = PlainTextField(what=_("Format"), longest=20)
    params = PlainTextField(what=_("Filters"), longest=LONGEST_QUERY, required=False)
    columns = PlainTextField(what=_("Columns"), longest=4_000, required=False)


class ExportsFilterForm(FilterForm):
    NARROWING = ("search",)

    search = PlainTextField(
        what=_("Search"),
        longest=64,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("List or user name")}),
    )
