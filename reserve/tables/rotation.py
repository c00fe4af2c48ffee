"""The rotation schedule, and the policies behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import condition_tag, day, word
from reserve import rotation
from reserve.forms import PoliciesFilter, ScheduleFilter
from reserve.rotation import RotationRow, policies
from reserve.rotation.policies import PolicyRow
from reserve.rotation.reads import PAGE
from reserve.tables.cells import capital, drawn


@dataclass(frozen=True)
class RotationLine:
    """A row of the schedule, whether the person may work on it, and the button that takes it into work."""

    row: RotationRow
    may_work: bool
    start: SafeString | str = ""


def may_work(user: User, row: RotationRow) -> bool:
    """Whether the person may test or replace the lot where it lies."""
    return any(matrix.permits_at(user, "lots.retest", site) for site in row.sites)


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[RotationLine]:
    page = rotation.rows(user=user, today=now.date(), wanted=form.wanted(), cursor=cursor, size=size)
    lines = [RotationLine(row, may_work(user, row)) for row in page.rows]
    return Page(lines, page.next, page.previous, page.count, page.more)


def _lot(line: RotationLine) -> SafeString:
    row = line.row
    at = reverse("lot", args=[row.lot])
    return format_html('<a href="{}">{}</a><small>{}</small>', at, row.lot, condition_tag(row.condition))


def _sites(line: RotationLine) -> SafeString | str:
    return ", ".join(line.row.sites) or format_html('<span class="muted">{}</span>', gettext("not held"))


def _why(line: RotationLine) -> SafeString:
    row = line.row
    return format_html(
        '<a href="{}">{}<span class="unseen">: {}</span></a><small>{}</small>',
        *(reverse("rotation-row", args=[row.id]), row.driver_name, row.lot, row.method_name),
    )


def _due(line: RotationLine) -> SafeString:
    row = line.row
    if row.finished_at:
        return format_html("{}", day(row.due_on))
    left = drawn("reserve/rotation/days_left.html", days=row.days_left)
    late = SafeString(' class="bad"') if row.days_left < 0 else ""
    return format_html("{}<small{}>{}</small>", day(row.due_on), late, left)


def _act(line: RotationLine) -> SafeString | str:
    row = line.row
    if line.start or not (row.wants_retest and row.started_at and line.may_work):
        return line.start
    return format_html(
        '<a class="button" href="{}#retest">{}<span class="unseen">: {}</span></a>',
        *(reverse("rotation-row", args=[row.id]), gettext("Record retest"), row.lot),
    )


ROTATION = register(
    Table(
        name="rotation",
        url_name="rotation",
        act="rotations.see",
        title=_("Schedule"),
        one=_("row"),
        many=_("rows"),
        columns=(
            Column("lot", _("Lot"), lambda line: line.row.lot, _lot),
            Column("condition", _("Condition"), lambda line: line.row.condition, shown=False),
            Column("material", _("Material"), lambda line: line.row.material_name),
            Column("site", _("Site"), lambda line: ", ".join(line.row.sites), _sites),
            mass("net", _("Net, kg"), lambda line: line.row.net_mg),
            Column("why", _("Why, how"), lambda line: f"{line.row.driver_name}, {line.row.method_name}", _why),
            Column("from", _("Work from"), lambda line: line.row.window_from),
            Column("due", _("Due"), lambda line: line.row.due_on, _due),
            Column(
                "state",
                _("State"),
                lambda line: line.row.state_name,
                lambda line: drawn("reserve/rotation/state.html", row=line.row),
            ),
            Column("started_by", _("In work by"), lambda line: line.row.started_by, shown=False),
            Column("result", _("Result"), lambda line: line.row.result, shown=False),
            Column("act", _("Actions"), None, _act),
        ),
        form=lambda params, user, _now: ScheduleFilter(params, user=user),
        find=_find,
        nothing=lambda _user: Nothing(
            _("Nothing is due"),
            _(
                "A lot appears here when its retest or expiry date comes into the window of a policy. The schedule is written"
                " every night."
            ),
        ),
        unmatched=_("Nothing in the schedule fits"),
        group=lambda line: capital(dateformat.format(line.row.due_on, "F Y")),
        size=PAGE,
    )
)


@dataclass(frozen=True)
class PolicyLine:
    """A policy, and whether the person may ask for its end."""

    row: PolicyRow
    may_end: bool


def _find_policies(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[PolicyLine]:
    may_write = matrix.permits(user, "policies.write")
    rows = policies.listing(user=user, ended=form.cleaned_data["ended"])
    return whole([PolicyLine(row, may_write and row.state == "in force") for row in rows])


def _policy(line: PolicyLine) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("material", args=[line.row.material]), line.row.material_name)


def _open_rows(line: PolicyLine) -> SafeString | str:
    row = line.row
    at = f"{reverse('rotation')}?{urlencode({'material': row.material})}"
    return format_html('<a href="{}">{}</a>', at, row.open_rows) if row.open_rows else "0"


def _end(line: PolicyLine) -> SafeString | str:
    if not line.may_end:
        return ""
    which = gettext("the policy of {material}").format(material=line.row.material_name)
    return format_html(
        '<a class="button" href="{}">{}<span class="unseen"> {}</span></a>',
        *(reverse("rotation-policy-end", args=[line.row.id]), gettext("End"), which),
    )


POLICIES = register(
    Table(
        name="policies",
        url_name="rotation-policies",
        act="policies.see",
        title=_("Policies"),
        one=_("policy"),
        many=_("policies"),
        columns=(
            Column("material", _("Material"), lambda line: line.row.material_name, _policy),
            Column("driver", _("What makes a lot due"), lambda line: line.row.driver_name),
            Column("method", _("Method"), lambda line: line.row.method_name),
            Column("ahead", _("Ahead, months"), lambda line: line.row.ahead_months, number=True),
            Column("rows", _("Rows open"), lambda line: line.row.open_rows, _open_rows, number=True),
            Column(
                "state",
                _("State"),
                lambda line: word(line.row.state),
                lambda line: drawn("reserve/rotation/policy_state.html", policy=line.row),
            ),
            Column("proposed_by", _("Proposed by"), lambda line: line.row.proposed_by, shown=False),
            Column("approved_by", _("Approved by"), lambda line: line.row.approved_by, shown=False),
            Column("source", _("Source"), lambda line: line.row.source),
            Column("end", _("Actions"), None, _end, act="policies.write"),
        ),
        form=lambda params, _user, _now: PoliciesFilter(params),
        find=_find_policies,
        nothing=lambda _user: Nothing(
            _("No policies yet"),
            _("Without a policy nothing of a material is planned, and its lots lapse on their dates."),
        ),
    )
)
