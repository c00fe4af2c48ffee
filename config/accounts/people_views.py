"""The pages of people: who they are, what they may do and could do, and changing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import access, grants, loans, matrix, membership, people
from config.accounts.people import PersonRow
from config.accounts.people_forms import AccessForm, AsOfForm, PeopleFilterForm, PersonEditForm, PersonForm, ReasonForm
from config.accounts.tables import PEOPLE
from config.approvals import reads
from config.audit.commands import Answer, By
from config.audit.forms import ActForm
from config.audit.keyset import Page
from config.ui import htmx, lists, panels
from config.ui.pages import open_or_send, signed_in
from config.ui.tables import Nothing

TABLE = "accounts/people_table.html"
PAGE, FRAGMENT = "accounts/person_form_page.html", "accounts/person_form.html"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody with their roles and sites, now or as of a moment that has passed."""
    context = {"may_write": matrix.permits(request.user, "people.write")}
    return lists.answer(
        request, PEOPLE, "accounts/people.html", context, now=timezone.now(), fragment=TABLE, also=_moment
    )


def _moment(form: PeopleFilterForm, _page: Page[PersonRow]) -> dict[str, Any]:
    """The moment that the list is of, and since when there is a record of people."""
    at = form.cleaned_data["as_of"]
    if not at:
        return {}
    return {
        "at": at,
        "began": access.began(),
        "nothing": Nothing(_("Nobody was on record then"), _("Choose a later moment.")),
    }


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: what they may do, what waits about them, and how it came to be."""
    matrix.require(request.user, "people.see")
    row, user = people.one(username), signed_in(request)
    form = AsOfForm(request.GET, now=timezone.now())
    at = form.cleaned_data["as_of"] if form.is_valid() else None
    context = {
        "person": row,
        "form": form,
        "at": at,
        "lent": loans.of_person(user=user, person=row.username, today=timezone.now().date()),
        "lent_then": loans.of_person(user=user, person=row.username, at=at) if at else [],
        "then": next(iter(access.as_of(at=at, person_id=row.id)), None) if at else None,
        "history": access.history(person_id=row.id),
        "pending": reads.listing(user=user, subject=row.username, state="pending", kind=grants.KIND).rows,
        "may_write": matrix.permits(user, "people.write"),
        "may_grant": matrix.why_not(user, "people.grant", hands=row.hands) is None,
        "may_reset": matrix.why_not(user, "people.password", hands=row.hands) is None,
        "panels": panels.of("person", request, row),
    }
    return render(request, "accounts/person.html", context, status=200 if form.is_valid() else 422)


@open_or_send
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person; their roles and sites wait for another administrator."""
    matrix.require(request.user, "people.write")
    names = ("username", "name", "email", "roles", "sites", "reason")
    form = PersonForm(_sent(request))
    words = {
        "title": _("Add a person"),
        "button": _("Add"),
        "note": _("Roles and sites are proposed; they hold when another administrator has agreed."),
    }
    return _act(request, form, None, words, lambda by: membership.add(by=by, **_given(form, names)))


@open_or_send
def person_edit(request: HttpRequest, username: str) -> HttpResponse:
    """What a person is called, and their address."""
    matrix.require(request.user, "people.write")
    row = people.one(username)
    form = PersonEditForm(_sent(request), initial={"name": row.name, "email": row.email, "seen": row.seen})
    words = {"title": _("Name and e-mail"), "button": _("Save"), "note": ""}
    names = ("name", "email", "seen")
    return _act(request, form, row, words, lambda by: membership.edit(by=by, person=username, **_given(form, names)))


@open_or_send
def person_access(request: HttpRequest, username: str) -> HttpResponse:
    """Roles and sites: what is unticked ends at once, what is ticked waits for another administrator."""
    matrix.require(request.user, "people.write")
    row = people.one(username)
    initial = {"roles": row.roles, "sites": row.site_codes, "seen": row.seen}
    form = AccessForm(_sent(request), initial=initial, person=row)
    barrier = matrix.why_not(request.user, "people.grant", hands=row.hands)
    words = {
        "title": _("Roles and sites"),
        "button": _("Edit"),
        "note": barrier.message
        if barrier
        else _("What you take away ends at once. What you add holds when another administrator has agreed."),
    }
    names = ("roles", "sites", "seen", "reason")
    return _act(request, form, row, words, lambda by: grants.change(by=by, person=username, **_given(form, names)))


@open_or_send
def person_disable(request: HttpRequest, username: str) -> HttpResponse:
    """Shut a person out at once."""
    matrix.require(request.user, "people.write")
    row, form = people.one(username), ReasonForm(_sent(request))
    words = {
        "title": _("Shut out"),
        "button": _("Shut out now"),
        "note": _(
            "They are signed out everywhere at once, and their tokens end for good. Roles and sites stay on record."
        ),
    }
    return _act(
        request, form, row, words, lambda by: grants.disable(by=by, person=username, reason=form.cleaned_data["reason"])
    )


@open_or_send
def person_enable(request: HttpRequest, username: str) -> HttpResponse:
    """Propose to let a person in again."""
    matrix.require(request.user, "people.write")
    row, form = people.one(username), ReasonForm(_sent(request))
    words = {
        "title": _("Let in again"),
        "button": _("Propose"),
        "note": _("They can sign in again when another administrator has agreed, with the roles and sites on record."),
    }
    return _act(
        request, form, row, words, lambda by: grants.enable(by=by, person=username, reason=form.cleaned_data["reason"])
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _given(form: ActForm, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _act(
    request: HttpRequest, form: ActForm, row: PersonRow | None, words: dict[str, str], do: Callable[[By], Answer]
) -> HttpResponse:
    """Open the form, or do it and go where its effect shows. A refused form comes back with the person as they are now."""
    context = {"form": form, "person": row, "action": request.path, **words}
    context["back"] = reverse("person", args=[row.username]) if row else reverse("people")
    if request.method != "POST":
        return htmx.render(request, PAGE, FRAGMENT, context)
    answer = form.attempt(do, user=signed_in(request), now=timezone.now())
    if answer is None:
        if row and "seen" in form.fields:
            form.show_again(seen=row.seen)
        return htmx.render(request, PAGE, FRAGMENT, context, status=422)
    messages.success(request, _said(answer))
    return htmx.see_other(request, reverse("person", args=[answer["person"]]))


def _said(answer: Answer) -> str:
    parts = [_("Done.")]
    if answer.get("taken"):
        parts = [_("Taken away at once: {what}.").format(what=", ".join(answer["taken"]))]
    if answer.get("request"):
        parts.append(_("Request {number} waits for another administrator.").format(number=answer["request"]))
    return " ".join(parts)
