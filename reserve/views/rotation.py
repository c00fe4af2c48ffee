"""The rotation pages: the schedule as list and calendar, one row with its retest, and the policies behind it."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.audit.forms import KeyedForm
from config.audit.keyset import Page
from config.ui import buttons, figures, htmx, lists
from config.ui.pages import open_or_send, signed_in
from reserve import rotation
from reserve.forms import PoliciesFilter, PolicyEndForm, PolicyForm, RowRetestForm, ScheduleFilter
from reserve.rotation import RotationRow, months, outlook, policies
from reserve.tables import POLICIES, ROTATION
from reserve.tables.rotation import PolicyLine, RotationLine, may_work

SCHEDULE, BODY = "reserve/rotation/schedule.html", "reserve/rotation/schedule_body.html"

MAY = {"may_see_policies": "policies.see", "may_propose": "policies.write"}


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """The schedule by month, or with `?month=2026-12` a month of it as a calendar; and what lapses if nothing is done."""
    matrix.require(request.user, "rotations.see")
    user, now = signed_in(request), timezone.now()
    today = now.date()
    context: dict[str, Any] = {"today": today, "this_month": f"{today:%Y-%m}"}
    context |= {act: matrix.permits(user, name) for act, name in MAY.items()}
    if not htmx.is_swap(request):
        context |= {
            "outlook": outlook.ahead(user=user, today=today),
            "overdue": rotation.overdue(user=user, today=today),
        }
    form = ScheduleFilter(request.GET, user=user) if request.GET.get("month") else None
    if form and form.is_valid():
        context |= {"form": form, **_calendar(user, form, form.cleaned_data["month"], today)}
        return htmx.render(request, SCHEDULE, BODY, context)
    return lists.answer(request, ROTATION, SCHEDULE, context, now=now, fragment=BODY, also=partial(_buttons, request))


def _buttons(request: HttpRequest, _form: ScheduleFilter, page: Page[RotationLine]) -> dict[str, Any]:
    """The rows with the button that takes each into work, where the person may and nobody has."""
    rows = [
        replace(line, start=_start_button(request, line.row)) if line.may_work and line.row.startable else line
        for line in page.rows
    ]
    return {"page": replace(page, rows=rows)}


def _start_button(request: HttpRequest, row: RotationRow) -> SafeString:
    return buttons.post(request, reverse("rotation-start", args=[row.id]), gettext("Start work"), row.lot)


def _calendar(user: User, form: ScheduleFilter, month: date, today: date) -> dict[str, Any]:
    wanted, last = form.wanted(), months.last_of(month)
    due = rotation.calendar(user=user, today=today, wanted=wanted, first=month, last=last)
    return {
        "month": month,
        "cells": months.cells(month, due, today=today),
        "due_days": due,
        "counted": gettext("{count} due").format(count=sum(day.total for day in due)),
        "following": None if due else rotation.following(user=user, today=today, wanted=wanted, after=last),
        "month_before": months.before(month),
        "month_after": months.after(month),
    }


@require_safe
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One row: its lot, why and by when it is due, the lot's retests, and what the person may do."""
    matrix.require(request.user, "rotations.see")
    return _row_page(request, pk, {})


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row into work."""
    matrix.require(request.user, "lots.retest")
    user, now = signed_in(request), timezone.now()
    form = KeyedForm(request.POST, auto_id="start_%s")
    answer = form.attempt(lambda by: rotation.start(by=by, rotation_id=pk), user=user, now=now)
    if answer is None:
        return _row_page(request, pk, {"start_form": form}, status=422)
    messages.success(request, _("In work. Record the retest here when it is done."))
    return htmx.see_other(request, reverse("rotation-row", args=[pk]))


@require_POST
def retest(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the retest that a row asks for."""
    matrix.require(request.user, "lots.retest")
    user, now = signed_in(request), timezone.now()
    found = rotation.one(user=user, rotation_id=pk, today=now.date())
    form = RowRetestForm(request.POST, row=found, today=now.date())
    answer = form.attempt(lambda by: rotation.record_retest(by=by, rotation_id=pk, **form.found()), user=user, now=now)
    if answer is None:
        return _row_page(request, pk, {"retest_form": form}, status=422)
    messages.success(request, _said(answer))
    return htmx.see_other(request, reverse("rotation-row", args=[pk]))


def _said(answer: dict[str, Any]) -> str:
    if answer["next_due_on"] == answer["previous_due_on"] and answer["condition"] == "J":
        return gettext("Recorded. Lot {lot} is suspended (J) and counts no longer.").format(lot=answer["lot"])
    due = figures.day(date.fromisoformat(answer["next_due_on"]))
    accepted = answer["condition"] in ("A", "B", "C")
    words = (
        gettext("Recorded. Lot {lot} is due again on {due}.")
        if accepted
        else gettext("Recorded. Lot {lot} is due again on {due}; another person has to accept it.")
    )
    return words.format(lot=answer["lot"], due=due)


def _row_page(request: HttpRequest, pk: int, bound: dict[str, KeyedForm], status: int = 200) -> HttpResponse:
    user, today = signed_in(request), timezone.now().date()
    found = rotation.one(user=user, rotation_id=pk, today=today)
    mine = may_work(user, found)
    context = {
        "row": found,
        "retests": rotation.retests(row=found),
        "start_form": KeyedForm(auto_id="start_%s") if mine and found.startable else None,
        "retest_form": RowRetestForm(row=found, today=today) if mine and found.wants_retest else None,
        "may_work": mine,
        **bound,
    }
    return htmx.render(request, "reserve/rotation/row.html", "reserve/rotation/row_work.html", context, status=status)


@open_or_send
def policy_list(request: HttpRequest) -> HttpResponse:
    """Policies in force and those that wait for a second manager; managers propose one here."""
    matrix.require(request.user, "policies.see")
    if request.method == "POST":
        return _propose(request)
    may_write = matrix.permits(request.user, "policies.write")
    proposed = PolicyForm(initial={"material": request.GET.get("material", "")}) if may_write else None
    return _policies(request, proposed)


def _propose(request: HttpRequest) -> HttpResponse:
    matrix.require(request.user, "policies.write")
    form = PolicyForm(request.POST)
    answer = form.attempt(
        lambda by: rotation.propose_policy(by=by, **form.given()), user=signed_in(request), now=timezone.now()
    )
    if answer is None:
        return _policies(request, form, status=422)
    messages.success(request, _("Proposed. It counts once another manager approves it."))
    return htmx.see_other(request, reverse("rotation-policies"))


def _policies(request: HttpRequest, form: PolicyForm | None, status: int = 200) -> HttpResponse:
    if status != 200 and htmx.is_swap(request):
        return render(request, "reserve/rotation/policy_form.html", {"form": form}, status=status)
    context = {"proposed": form, "ended": bool(request.GET.get("ended"))}
    page = "reserve/rotation/policies.html"
    return lists.answer(request, POLICIES, page, context, now=timezone.now(), also=_waiting, status=status)


def _waiting(_form: PoliciesFilter, page: Page[PolicyLine]) -> dict[str, Any]:
    return {"pending": sum(line.row.request is not None for line in page.rows)}


@open_or_send
def policy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to end a policy in force."""
    matrix.require(request.user, "policies.write")
    user = signed_in(request)
    found = policies.one(user=user, policy_id=pk)
    form = PolicyEndForm(request.POST or None)
    if request.method == "POST":
        answer = form.attempt(
            lambda by: rotation.end_policy(by=by, policy_id=pk, reason=form.cleaned_data["reason"]),
            user=user,
            now=timezone.now(),
        )
        if answer is not None:
            messages.success(request, _("Proposed. The policy ends once another manager approves it."))
            return htmx.see_other(request, reverse("rotation-policies"))
    context = {"policy": found, "form": form}
    pages = "reserve/rotation/policy_end.html", "reserve/rotation/policy_end_form.html"
    return htmx.render(request, *pages, context, status=422 if request.method == "POST" else 200)
