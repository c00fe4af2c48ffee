"""Narrowing the list of people, adding a person, and what they may do."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import sites
from config.accounts.matrix import Role
from config.accounts.people import PeopleFilters, PersonRow
from config.audit import edge
from config.audit.forms import ActForm, FilterForm, PlainTextField, choose, chosen
from config.audit.refused import Refused
from config.ui.widgets import MomentInput

ROLES = {
    Role.WAREHOUSE: gettext_lazy("Warehouse: receives, stores and moves lots at their own sites"),
    Role.PROCUREMENT: gettext_lazy("Procurement: suppliers, orders and what is missing"),
    Role.MANAGER: gettext_lazy("Manager: targets, flags, and agreeing to what takes two"),
    Role.AUDITOR: gettext_lazy("Auditor: reads everything, changes nothing"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator: people, sites, materials and jobs; sees no stock"),
}
SHORT = {
    Role.WAREHOUSE: gettext_lazy("Warehouse"),
    Role.PROCUREMENT: gettext_lazy("Procurement"),
    Role.MANAGER: gettext_lazy("Manager"),
    Role.AUDITOR: gettext_lazy("Auditor"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
}


class Ticked(forms.MultipleChoiceField):
    """Boxes to tick. The door judges what was ticked, so that an unknown value is refused where everything is."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return True


class AsOfField(forms.CharField):
    """A day (its end, UTC) or a moment that has passed; None when left empty, and for today."""

    now: datetime  # the form sets it

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", MomentInput())
        super().__init__(max_length=40, required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        clean, now = super().clean(value), self.now
        if not clean:
            return None
        try:
            if len(clean) > len("2026-11-24"):
                return edge.moment(clean, now=now)
            ends = datetime.combine(edge.day(clean) + timedelta(days=1), time(), tzinfo=UTC)
            return None if ends > now >= ends - timedelta(days=1) else edge.not_ahead(ends, now=now)
        except edge.NotPlain as plain:
            raise forms.ValidationError(_("This cannot be read: {why}").format(why=plain)) from None
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None


class AsOfForm(FilterForm):
    as_of = AsOfField(label=gettext_lazy("As of, UTC"))

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["as_of"]
        assert isinstance(field, AsOfField)
        field.now = now


class PeopleFilterForm(AsOfForm):
    NARROWING = ("search", "role", "site", "state")

    search = PlainTextField(what=gettext_lazy("Name or e-mail"), longest=80, required=False)
    role = forms.ChoiceField(required=False, label=gettext_lazy("Role"))
    site = chosen(gettext_lazy("Site"), longest=16, required=False)
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("Any state")),
            ("active", gettext_lazy("May sign in")),
            ("disabled", gettext_lazy("Shut out")),
            ("troubled", gettext_lazy("Cannot work yet")),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["search"].widget.attrs["placeholder"] = self.fields["search"].label
        choose(self, "role", [("", _("Any role")), *((role.value, label) for role, label in SHORT.items())])
        choose(self, "site", [("", _("Any site")), *((code, f"{code} {name}") for code, name in sites.known())])

    def filters(self) -> PeopleFilters:
        return PeopleFilters(**{name: self.cleaned_data[name] for name in self.NARROWING})


class RightsForm(ActForm):
    """Roles and sites to tick, and why."""

    WIDE = frozenset({"roles", "sites", "reason"})

    roles = Ticked(required=False, label=gettext_lazy("Roles"))
    sites = Ticked(
        required=False,
        label=gettext_lazy("Sites"),
        help_text=gettext_lazy("Needed for warehouse; the other roles reach every site."),
    )
    reason = PlainTextField(
        what=gettext_lazy("Reason"),
        longest=1000,
        lines=True,
        help_text=gettext_lazy("The administrator who decides reads it, and it stays on record."),
    )

    def __init__(self, *args: Any, person: PersonRow | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = dict(sites.known())
        held = person.site_codes if person else []
        gone = [(code, code) for code in held if code not in offered]
        choose(self, "roles", [(role.value, label) for role, label in ROLES.items()])
        choose(self, "sites", [*((code, f"{code} {name}") for code, name in offered.items()), *gone])


class AccessForm(RightsForm):
    seen = PlainTextField(what=gettext_lazy("State"), longest=32, widget=forms.HiddenInput)


class PersonForm(RightsForm):
    username = PlainTextField(
        what=gettext_lazy("User name"),
        longest=64,
        help_text=gettext_lazy("Small letters, digits, hyphens; it stays for good."),
    )
    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    email = PlainTextField(what=gettext_lazy("E-mail"), longest=254, required=False)
    field_order = ("username", "name", "email", "roles", "sites", "reason")


class PersonEditForm(ActForm):
    name = PlainTextField(what=gettext_lazy("Name"), longest=120)
    email = PlainTextField(what=gettext_lazy("E-mail"), longest=254, required=False)
    seen = PlainTextField(what=gettext_lazy("State"), longest=32, widget=forms.HiddenInput)


class ReasonForm(ActForm):
    reason = PlainTextField(
        what=gettext_lazy("Reason"), longest=1000, lines=True, help_text=gettext_lazy("It stays on record.")
    )
