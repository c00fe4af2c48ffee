"""The list of what changed in what is held, act by act."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.keyset import Page
from config.ui.tables import Column, Nothing, Table, kg, register
from config.ui.templatetags.ui import mass_in
from inventory import changes
from inventory.changes import Entry
from inventory.names import told
from reserve.forms import ChangesFilterForm


def _find_changes(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[Entry]:
    given = form.cleaned_data
    asked = {name: given[name] for name in ("since", "until", "material", "cause")}
    return changes.entries(user=user, cursor=cursor, size=size, **asked)


def _lot(row: Entry) -> SafeString:
    at = reverse("lot", args=[row.lot])
    return format_html('<a href="{}#history">{}</a><small>{}</small>', at, row.lot, row.material_name)


def _change(mg: int, unit: str) -> str:
    return mass_in(mg, unit, sign=True) if mg else "–"


CHANGES = register(
    Table(
        name="changes",
        url_name="changes",
        act="positions.see",
        title=_("What changed"),
        one=_("act"),
        many=_("acts"),
        columns=(
            Column("lot", _("Lot"), lambda row: row.lot, _lot),
            Column("material", _("Material"), lambda row: row.material_name, shown=False),
            Column("cause", _("Cause"), lambda row: row.label),
            Column("reason", _("Reason"), lambda row: told(row.reason)),
            Column("who", _("Recorded by"), lambda row: row.who),
            Column("recorded", _("Recorded"), lambda row: row.recorded_at),
            Column(
                "held",
                _("Held"),
                lambda row: kg(row.held_mg),
                lambda row: _change(row.held_mg, row.unit),
                unit="kg",
                number=True,
            ),
            Column(
                "eligible",
                _("Eligible"),
                lambda row: kg(row.eligible_mg),
                lambda row: _change(row.eligible_mg, row.unit),
                unit="kg",
                number=True,
                strong=True,
            ),
        ),
        form=lambda params, _user, now: ChangesFilterForm(params, now=now),
        find=_find_changes,
        nothing=lambda _user: Nothing(_("Nothing changed in this time"), _("Choose a longer time on the desk.")),
        unmatched=_("Nothing changed so in this time"),
    )
)
