"""What lists can be narrowed to, as it stands in the address."""

from typing import ClassVar

from django import forms

from config.audit.forms import PlainTextField


class FilterForm(forms.Form):
    """A GET form: everything is optional, and what cannot be read is said instead of silently left out."""

    NARROWING: ClassVar[tuple[str, ...]] = ()

    cursor = PlainTextField(what="Page", longest=600, required=False)

    @property
    def narrowed(self) -> bool:
        """True when anything is set that leaves rows out."""
        return any(self.cleaned_data.get(name) for name in self.NARROWING)


def search(placeholder: str) -> PlainTextField:
    attrs = {"type": "search", "placeholder": placeholder, "autocomplete": "off", "aria-label": "Search"}
    return PlainTextField(what="Search", longest=80, required=False, widget=forms.TextInput(attrs=attrs))


def late(words: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False, choices=[("", words), ("yes", "Late only")], widget=forms.Select(attrs={"aria-label": "Late"})
    )


def select(label: str) -> forms.Select:
    """A list of choices that the view fills in; the door judges what is chosen."""
    return forms.Select(attrs={"aria-label": label})
