"""Keeping a view of a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.audit.forms import ActForm, KeyedForm, PlainTextField
from config.ui.saved import LONGEST_NAME


class ViewForm(ActForm):
    """What a view is called, and whether its list opens with it."""

    name = PlainTextField(what=_("Name"), longest=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    default = forms.BooleanField(required=False, label=_("Open the list with it"))


class NewViewForm(ViewForm):
    """The list as it stands, under a name."""

    query = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    columns = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)


class RemoveViewForm(KeyedForm):
    """Forgetting a view."""
