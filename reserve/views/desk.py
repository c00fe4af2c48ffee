"""The first page: one desk for each role that the person has."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts.matrix import Role
from config.accounts.models import User
from config.ui import figures, panels
from config.ui.conditions import NOT_ACCEPTED
from config.ui.pages import signed_in
from reserve import desks, ordering
from reserve.forms import PeriodForm, ReadForm
from reserve.tables.position import Line

Filled = tuple[dict[str, Any], int]


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the person's role; with several, the one named by ?as=, else the first."""
    user, now = signed_in(request), timezone.now()
    mine = [role for role in Role if role in user.roles]
    asked = request.GET.get("as", "")
    role = next((role for role in mine if role == asked), mine[0] if mine else None)
    context: dict[str, Any] = {"roles": mine, "role": role, "now": now, "today": now.date()}
    if role is None:
        return render(request, "reserve/desk.html", context)
    filled, status = DESKS[role](request, user, now)
    context |= {**filled, "template": f"reserve/desks/{role.value}.html"}
    context["panels"] = panels.of(f"desk:{role.value}", request, None)
    return render(request, "reserve/desk.html", context, status=status)


def _warehouse(request: HttpRequest, user: User, now: datetime) -> Filled:
    found = desks.warehouse.read(user=user, now=now, whole=request.GET.get("all", ""))
    due_note = _("last eligible day until {day}, net mass").format(day=figures.day(found.due.until))
    words = {
        "due_note": due_note,
        "due_today_note": _("{due} of them today").format(due=found.due_today) if found.due_today else _("none today"),
        "due_url": f"{reverse('rotation')}?until={found.due.until}" if found.due.more else "#due",
        "hold_url": f"{reverse('lots')}?{urlencode({'condition': NOT_ACCEPTED, 'held': 'yes'})}",
    }
    return {"desk": found, "not_accepted": NOT_ACCEPTED, **words}, 200


def _procurement(request: HttpRequest, user: User, now: datetime) -> Filled:
    found = desks.procurement.read(user=user, now=now)
    links = ordering.links(user=user, rows=[need.row for need in found.needs])
    mine = f"{reverse('flags')}?{urlencode({'owner': user.username})}"
    needs = [(need, links.get(need.row.target, "")) for need in found.needs]
    return {"desk": found, "needs": needs, "mine_url": mine}, 200


def _manager(request: HttpRequest, user: User, now: datetime) -> Filled:
    asked = request.GET.get("days", "")
    days = next((days for days in desks.manager.DAYS if str(days) == asked), None)
    found = desks.manager.read(user=user, now=now, days=days)
    links = ordering.links(user=user, rows=found.worst)
    lines = [Line(row, now.date(), False, links.get(row.target, ""), []) for row in found.worst]
    words = {
        "of_targets": _("of {targets}").format(targets=found.targets),
        "spans": desks.manager.DAYS,
        "days": days,
        "read_at": desks.reading.read_at(user),
        "read_form": ReadForm(initial={"until": now.isoformat()}),
        "time": urlencode({"since": found.since.isoformat(), "until": now.isoformat()}),
    }
    return {"desk": found, "lines": lines, **words}, 200


def _auditor(request: HttpRequest, user: User, now: datetime) -> Filled:
    form = PeriodForm(request.GET, today=now.date())
    if not form.is_valid():
        return {"form": form, "desk": None}, 422
    found = desks.auditor.read(user=user, now=now, **form.cleaned_data)
    period = {"outcome": "refused", "since": found.first.isoformat(), "until": found.last.isoformat()}
    words = {
        "refused_url": f"{reverse('commands')}?{urlencode(period)}",
        "since_note": _("since {moment}").format(moment=figures.moment(found.since)),
        "read_form": ReadForm(initial={"until": now.isoformat()}),
    }
    return {"form": form, "desk": found, **words}, 200


def _administrator(request: HttpRequest, user: User, now: datetime) -> Filled:
    return {"desk": desks.administrator.read(user=user, now=now)}, 200


DESKS: dict[Role, Callable[[HttpRequest, User, datetime], Filled]] = {
    Role.WAREHOUSE: _warehouse,
    Role.PROCUREMENT: _procurement,
    Role.MANAGER: _manager,
    Role.AUDITOR: _auditor,
    Role.ADMINISTRATOR: _administrator,
}
