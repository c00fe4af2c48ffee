"""What the list of lots can be narrowed to, as it stands in the address."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.forms import FilterForm, PlainDayField, PlainTextField, choose, chosen
from config.ui.conditions import NAMES, NOT_ACCEPTED
from inventory import catalogue, rounds, sites
from inventory.lots import ORDERS, LotFilters
from inventory.models import Movement, Place, Verdict
from inventory.names import spoken

YES_NO = {"yes": True, "no": False}


# The filters that fold away.
FOLDED = ("material", "place", "verdict", "held", "frozen", "below_target", "received_after", "due_before")


class LotFilterForm(FilterForm):
    NARROWING = ("search", "site", "element", "form", "condition", *FOLDED)

    search = PlainTextField(
        what=_("Search"),
        longest=80,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Our number or the supplier's; scan to open"),
                "autocomplete": "off",
            }
        ),
    )
    site = chosen(_("Site"), longest=16, required=False)
    element = forms.ChoiceField(required=False)
    form = forms.ChoiceField(required=False)
    material = forms.ChoiceField(required=False)
    condition = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("All conditions")),
            ("ABC", _("A, B or C")),
            (NOT_ACCEPTED, _("On hold: not A, B or C")),
            *((code, format_lazy("{code} · {name}", code=code, name=name)) for code, name in NAMES.items()),
        ],
    )
    place = forms.ChoiceField(required=False)
    verdict = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("Any sourcing")),
            *((v.value, format_lazy(_("Sourcing {verdict}"), verdict=v.label)) for v in Verdict),
        ],
    )
    held = forms.ChoiceField(
        required=False, choices=[("", _("Held or gone")), ("yes", _("Held now")), ("no", _("Nothing left"))]
    )
    frozen = forms.ChoiceField(
        required=False, choices=[("", _("Frozen or not")), ("yes", _("Frozen")), ("no", _("Not frozen"))]
    )
    below_target = forms.ChoiceField(
        required=False, choices=[("", _("Wanted or not")), ("yes", _("Below target")), ("no", _("Not below target"))]
    )
    received_after = PlainDayField(required=False, label=_("Received since"))
    due_before = PlainDayField(required=False, label=_("Retest due before"))
    order = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [("", gettext("All sites")), *((row["code"], row["name"]) for row in sites.visible(user))]
        choose(self, "site", mine)
        choose(
            self,
            "element",
            [("", gettext("All elements")), *[(e["symbol"], spoken(e["symbol"])) for e in catalogue.elements()]],
        )
        choose(self, "form", [("", gettext("All forms")), *[(f["code"], f["name"]) for f in catalogue.forms()]])
        choose(self, "material", [("", gettext("All materials")), *[(m.code, m.name) for m in catalogue.materials()]])
        choose(self, "place", [("", gettext("All places")), *[(p.value, p.label) for p in Place][:5]])

    def filters(self) -> LotFilters:
        """What to narrow to, as the door takes it."""
        given = self.cleaned_data
        plain = ("element", "form", "material", "site", "place", "condition", "verdict", "search")
        return LotFilters(
            **{name: given[name] for name in plain},
            received_after=given["received_after"],
            due_before=given["due_before"],
            below_target=YES_NO.get(given["below_target"]),
            held=YES_NO.get(given["held"]),
            frozen=YES_NO.get(given["frozen"]),
        )

    @property
    def further(self) -> bool:
        """True when one of the filters that fold away is set."""
        return any(self.data.get(name) for name in FOLDED)


class MovementFilterForm(FilterForm):
    """What the list of movements can be narrowed to."""

    NARROWING = ("lot", "kind", "since", "until")

    lot = PlainTextField(
        what=_("Lot"),
        longest=120,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Lot number"), "autocomplete": "off", "data-scan": True}
        ),
    )
    kind = forms.ChoiceField(required=False, choices=[("", _("All movements")), *Movement.Kind.choices])
    since = PlainDayField(required=False, label=_("From"))
    until = PlainDayField(required=False, label=_("To"))


class RoundFilterForm(FilterForm):
    """What the list of rounds can be narrowed to."""

    NARROWING = ("site", "location", "show")

    site = chosen(_("Site"), longest=16, required=False)
    location = chosen(_("Place"), longest=48, required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All that lies in a store")),
            (rounds.OVERDUE, _("Count overdue")),
            (rounds.DUE_SOON, _("Due in 30 days or overdue")),
            (rounds.VARIANCE, _("Variance open")),
        ],
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        stores = sites.locations(user, kinds=(Place.STORE,))
        named = dict.fromkeys((row.site, row.site_name) for row in stores)
        choose(self, "site", [("", gettext("All sites")), *named])
        choose(self, "location", [("", gettext("All places")), *((row.code, row.code) for row in stores)])
