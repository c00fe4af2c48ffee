"""The list of rounds: what is due to be counted where, and where a count differs from the books."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.keyset import Page
from config.ui import figures
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import badge, day
from inventory import rounds
from inventory.forms import RoundFilterForm
from inventory.rounds import Round


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[Round]:
    given = form.cleaned_data
    narrow = {name: given[name] for name in ("site", "location", "show")}
    return rounds.listing(user=user, now=now, cursor=cursor, size=size, **narrow)


def _lot(row: Round) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("lot", args=[row.lot]), row.lot)


def _place(row: Round) -> SafeString:
    return format_html("{}<small>{}</small>", row.location, row.location_name)


def _due(row: Round) -> SafeString:
    return format_html("{}{}", day(row.due_on), format_html(" {}", badge("bad", _("Overdue"))) if row.overdue else "")


def _variance(row: Round) -> SafeString | str:
    if not row.variance_mg:
        return figures.UNKNOWN if row.counted_at is None else "0"
    return format_html("{} {}", figures.mass(row.variance_mg, bare=True), badge("bad", _("Open")))


def _count(row: Round) -> SafeString:
    url = f"{reverse('lot-count', args=[row.lot])}?{urlencode({'at': row.location})}"
    words = format_html('{}<span class="unseen"> {} {}</span>', gettext("Count"), row.lot, row.location)
    return format_html('<a class="button" href="{}">{}</a>', url, words)


ROUNDS = register(
    Table(
        name="rounds",
        url_name="rounds",
        act="lots.see",
        title=_("Rounds"),
        one=_("lot at a place"),
        many=_("lots, place by place"),
        columns=(
            Column("lot", _("Lot"), lambda row: row.lot, _lot),
            Column("material", _("Material"), lambda row: row.material_name),
            Column("site", _("Site"), lambda row: row.site_name),
            Column("place", _("Place"), lambda row: row.location, _place),
            Column("due", _("Count due"), lambda row: row.due_on, _due),
            Column(
                "counted",
                _("Last counted"),
                lambda row: row.counted_at,
                lambda row: day(row.counted_at) if row.counted_at else gettext("not yet"),
            ),
            mass("found", _("Found, kg"), lambda row: row.counted_mg, shown=False),
            mass("book", _("By the books then, kg"), lambda row: row.book_mg, shown=False),
            mass("variance", _("Variance, kg"), lambda row: row.variance_mg, cell=_variance),
            Column("count", "", None, _count, act="lots.count"),
        ),
        form=lambda params, user, _now: RoundFilterForm(params, user=user),
        find=_find,
        nothing=lambda _user: Nothing(
            _("Nothing lies in a store"), _("Each lot stands here from the day on which it comes into a store.")
        ),
        unmatched=_("Nothing is to be counted here"),
    )
)
