"""One's own second factors: what is set up, setting up, removing, and the recovery codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from config.accounts import codes, confirming, factors, passkeys
from config.accounts.entering import SECOND_FACTOR
from config.accounts.forms import AppForm, PasskeyForm
from config.accounts.models import User
from config.audit.forms import KeyedForm
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in

APP_SECRET = "app_secret"


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up, and what could be."""
    user = signed_in(request)
    held = factors.listing(user)
    context = {
        "held": held,
        "kinds": {factor.kind for factor in held},
        "required": codes.is_required(user),
        "shown": request.session.get(SECOND_FACTOR) == user.pk,
        "fits": passkeys.fits(request),
    }
    return render(request, "accounts/second_factor.html", context)


@never_cache
@sensitive_post_parameters("code")
@open_or_send
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: its secret as a picture and as text, and the code that it then shows."""
    user = signed_in(request)
    if not _fresh(request, user):
        return confirming.first(request)
    secret = request.session.setdefault(APP_SECRET, factors.propose_secret())
    form = AppForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        answer = form.attempt(
            lambda by: factors.add_app(
                by=by, sealed_secret=secret, code=form.cleaned_data["code"], session=_key(request)
            ),
            user=user,
            now=timezone.now(),
        )
        if answer is not None:
            request.session.pop(APP_SECRET, None)
            return _added(request, user, answer, _("Your authenticator app is set up."))
    context = {"form": form, **factors.drawn(person=user, sealed_secret=secret)}
    return render(request, "accounts/second_factor_app.html", context, status=422 if form.is_bound else 200)


@never_cache
@sensitive_post_parameters("credential")
@open_or_send
def passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey: the browser asks its person, and sends what the device answers."""
    user = signed_in(request)
    if not _fresh(request, user):
        return confirming.first(request)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        answer = form.attempt(
            lambda by: factors.add_passkey(
                by=by,
                name=form.cleaned_data["name"],
                credential=passkeys.registered(form.cleaned_data["credential"]),
                session=_key(request),
            ),
            user=user,
            now=timezone.now(),
        )
        if answer is not None:
            return _added(request, user, answer, _("Your passkey is set up."))
    fits = passkeys.fits(request)
    context = {"form": form, "fits": fits, "ask": passkeys.registration(user) if fits else None}
    return render(request, "accounts/second_factor_passkey.html", context, status=422 if form.is_bound else 200)


@never_cache
@open_or_send
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, and show them this once."""
    user = signed_in(request)
    if not _fresh(request, user, again=True):
        return confirming.first(request)
    form = KeyedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.attempt(lambda by: factors.new_codes(by=by), user=user, now=timezone.now()):
        return _codes(request, user, _("You have new recovery codes. The old ones work no more."))
    return render(request, "accounts/second_factor_codes.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@open_or_send
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one factor, after the password was given again."""
    user = signed_in(request)
    factor = factors.one(person=user, pk=pk)
    if not _fresh(request, user, again=True):
        return confirming.first(request)
    form = KeyedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.attempt(lambda by: factors.remove(by=by, pk=pk), user=user, now=timezone.now()):
        messages.success(request, _("%(name)s is removed.") % {"name": factor.name})
        return htmx.see_other(request, resolve_url("second-factor"))
    context = {"form": form, "factor": factor}
    return render(request, "accounts/second_factor_remove.html", context, status=422 if form.is_bound else 200)


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _fresh(request: HttpRequest, user: User, *, again: bool = False) -> bool:
    return confirming.is_fresh(request, person=user, now=timezone.now(), again=again)


def _added(request: HttpRequest, user: User, answer: dict[str, Any], said: str) -> HttpResponse:
    """The factor that was just set up counts as shown in this session; the first one brings recovery codes to keep."""
    request.session[SECOND_FACTOR] = user.pk
    if answer.get("codes_made"):
        return _codes(request, user, said)
    messages.success(request, said)
    return htmx.see_other(request, resolve_url("second-factor"))


def _codes(request: HttpRequest, user: User, said: str) -> HttpResponse:
    shown = factors.codes_of(user)
    text = "\r\n".join([f"Strategic Reserve, {user.username}", "", *shown, ""])
    return render(request, "accounts/recovery_codes.html", {"codes": shown, "text": text, "said": said})
