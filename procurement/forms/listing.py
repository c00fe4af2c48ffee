"""Fields that the filters of several lists have."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.audit.forms import PlainTextField


def search(placeholder: str | Promise) -> PlainTextField:
    """A search box."""
    attrs = {"type": "search", "placeholder": placeholder, "autocomplete": "off"}
    return PlainTextField(what=_("Search"), longest=80, required=False, widget=forms.TextInput(attrs=attrs))


def late(words: str | Promise) -> forms.ChoiceField:
    """Late ones only, or all; `words` name all of them."""
    return forms.ChoiceField(required=False, choices=[("", words), ("yes", _("Late only"))])
