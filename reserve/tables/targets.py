"""The list of targets."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.approvals import reads
from config.audit import edge
from config.audit.keyset import Page, whole
from config.ui import figures
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import mass_in, word
from inventory import names
from reserve import targets
from reserve.forms import TargetsFilter
from reserve.tables.cells import drawn, own_mass


@dataclass(frozen=True)
class TargetLine:
    """A target as `in_words` gives it, and whether a change of it waits."""

    row: dict[str, Any]
    waits: bool


def in_words(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A target with its name, state and unit in words."""
    element = f"{names.capital(row['element_name'])}, {row['form_name']}"
    return {
        **row,
        "name": row["material_name"] or element,
        "scope": row["site_code"] or gettext("whole reserve"),
        "measure": gettext("contained {element}").format(element=row["element_symbol"])
        if row["element_symbol"]
        else gettext("net mass"),
        "state": targets.state(row, today=today),
        "unit": figures.unit_for(row["required_mg"]),
    }


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[TargetLine]:
    today = now.date()
    rows = targets.listing(user=user, ended_before=None if form.cleaned_data["all"] else today)
    asked = reads.listing(user=user, state="pending", kind=targets.CHANGE, size=200).rows
    waiting = {request.body["target"] for request in asked}
    return whole([TargetLine(in_words(row, today), row["id"] in waiting) for row in rows])


def _target(line: TargetLine) -> SafeString:
    row = line.row
    compliant = ", " + gettext("compliant only") if row["only_compliant"] else ""
    at = reverse("target", args=[row["id"]])
    return format_html(
        '<a href="{}">{}</a><small>{} · {}{}</small>', at, row["name"], row["scope"], row["measure"], compliant
    )


def _state(line: TargetLine) -> SafeString:
    state = line.row["state"]
    waits = gettext("a change waits") if line.waits and state != "proposed" else ""
    small = format_html("<small>{}</small>", waits) if waits else ""
    return format_html("{}{}", drawn("reserve/parts/target_state.html", state=state), small)


def _rule(line: TargetLine) -> str:
    row = line.row
    if not row["days"]:
        return gettext("Fixed mass")
    rule = gettext("{days} days × {daily} a day")
    return format_html(rule, days=row["days"], daily=mass_in(row["daily_use_mg"], row["unit"]))


def _rule_filed(line: TargetLine) -> str:
    row = line.row
    if not row["days"]:
        return gettext("Fixed mass")
    daily = " ".join((edge.plain(Decimal(row["daily_use_mg"]).scaleb(-6)), "kg"))
    return gettext("{days} days × {daily} a day").format(days=row["days"], daily=daily)


def _in_force(line: TargetLine) -> SafeString:
    row = line.row
    start = gettext("from {day}").format(day=figures.day(row["effective_from"]))
    end = gettext("to {day}").format(day=figures.day(row["effective_to"])) if row["effective_to"] else ""
    return format_html("{}{}", start, format_html("<small>{}</small>", end) if end else "")


def _set_by(line: TargetLine) -> SafeString:
    row = line.row
    other = gettext("and {name}").format(name=row["approved_by_name"]) if row["approved_by_name"] else ""
    return format_html("{}{}", row["proposed_by_name"], format_html("<small>{}</small>", other) if other else "")


def _none(user: User) -> Nothing:
    if matrix.permits(user, "targets.write"):
        note = _("Without targets nothing is short and nothing is flagged.")
        return Nothing(_("No target is set"), note, reverse("target-new"), _("Propose the first target"))
    return Nothing(_("No target is set"), _("Managers propose targets; a second manager approves them."))


def _mass(key: str, label: Any) -> Column:
    return own_mass(key, label, lambda line: line.row[f"{key}_mg"], lambda line: line.row["unit"])


TARGETS = register(
    Table(
        name="targets",
        url_name="targets",
        act="targets.see",
        title=_("Targets"),
        one=_("target"),
        many=_("targets"),
        columns=(
            Column("target", _("Target"), lambda line: line.row["name"], _target),
            Column("scope", _("Where"), lambda line: line.row["scope"], shown=False),
            Column("measure", _("Measure"), lambda line: line.row["measure"], shown=False),
            Column("state", _("State"), lambda line: word(line.row["state"]), _state),
            _mass("required", _("Required")),
            _mass("floor", _("Floor")),
            Column("rule", _("Rule"), _rule_filed, _rule),
            Column("in_force", _("In force from"), lambda line: line.row["effective_from"], _in_force),
            Column("until", _("In force until"), lambda line: line.row["effective_to"], shown=False),
            Column("set_by", _("Set by"), lambda line: line.row["proposed_by_name"], _set_by),
            Column("approved_by", _("Approved by"), lambda line: line.row["approved_by_name"], shown=False),
            Column("source", _("Source"), lambda line: line.row["source"], shown=False),
        ),
        form=lambda params, _user, _now: TargetsFilter(params),
        find=_find,
        nothing=_none,
        note=_("masses in each target's unit and basis"),
    )
)
