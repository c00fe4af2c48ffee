"""Signing in, and changing one's own password. Passwords are taken exactly as typed."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.audit.forms import KeyedForm, PlainTextField, choose


def password(label: Any, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget, help_text=help_text)


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = password(_("Password"), "current-password")


class CodeInput(forms.TextInput):
    """A code is typed anew each time, and never comes back in a page."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        required=False,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class PasskeyAnswerForm(forms.Form):
    """What a passkey answers; the page's script fills it in."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class AppForm(KeyedForm):
    """The code that the new authenticator app shows."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=32,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(KeyedForm):
    """What to call the new passkey, and what it answers."""

    name = PlainTextField(
        what=_("A name"),
        label=_("Name of this passkey"),
        longest=60,
        initial=_("My passkey"),
        help_text=_("For example the device it is on."),
    )
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)


class EndForm(KeyedForm):
    """Which session or token is to end."""

    mark = PlainTextField(what=_("Session"), longest=32, widget=forms.HiddenInput)


class TokenForm(KeyedForm):
    """What to call a token, and how long it lasts."""

    name = PlainTextField(
        what=_("A name"),
        label=_("Name of the program"),
        longest=60,
        help_text=_("For example what it does and where it runs."),
    )
    days = forms.TypedChoiceField(label=_("Lasts"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(days, days_said(days)) for days in sorted({1, 7, 30, 90, 180, 366, most}) if days <= most]
        choose(self, "days", offered)
        self.fields["days"].initial = min(30, most)


def days_said(days: int) -> str:
    """How long a token lasts, in words."""
    return ngettext("{count} day", "{count} days", days).format(count=days)


class ConfirmForm(forms.Form):
    """The password again."""

    password = password(_("Password"), "current-password")


class ChangePasswordForm(KeyedForm):
    """The present password, and the new one twice."""

    present = password(_("Present password"), "current-password")
    new = password(_("New password"), "new-password")
    again = password(_("New password, again"), "new-password")
    keep_tokens = forms.BooleanField(
        label=_("My programs keep their tokens"),
        required=False,
        help_text=_("Leave it empty when somebody may know your password, or one of your tokens."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ. Type the new one twice."))
        return cleaned
