"""One's own account: where one is signed in, tokens of programs, and ending both."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.accounts import confirming, tokens
from config.accounts import signed_in as places
from config.accounts.forms import EndForm, TokenForm
from config.audit.commands import Answer, By
from config.audit.forms import KeyedForm
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Browsers and programs that are signed in as this person."""
    user, now = signed_in(request), timezone.now()
    context = {
        "sessions": places.sessions(person=user, present=request.session.session_key or "", now=now),
        "tokens": tokens.listing(person=user, now=now),
        "everywhere": KeyedForm(),
        "end": EndForm,
    }
    return render(request, "accounts/account.html", context)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session; the present one by signing out."""
    return _end(request, lambda by, mark: places.end_session(by=by, mark=mark), _("That session has ended."))


@never_cache
@open_or_send
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token, for who proved a short while ago that they are there; then show it, this once."""
    user, now = signed_in(request), timezone.now()
    if not confirming.is_fresh(request, person=user, now=now):
        return confirming.first(request)
    form = TokenForm(request.POST if request.method == "POST" else None, most=settings.TOKEN_DAYS_MOST)
    shown: dict[str, Any] = {}

    def make(by: By) -> Answer:
        shown["token"], shown["row"] = tokens.make(
            by=by, **{name: form.cleaned_data[name] for name in ("name", "days")}
        )
        return shown

    if form.is_bound and form.attempt(make, user=user, now=now):
        return render(request, "accounts/token_made.html", shown)
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def end_token(request: HttpRequest) -> HttpResponse:
    """Revoke one token."""
    return _end(request, lambda by, mark: tokens.revoke(by=by, mark=mark), _("That token no longer works."))


@require_POST
def end_tokens(request: HttpRequest) -> HttpResponse:
    """Revoke every token."""
    form = KeyedForm(request.POST)
    if form.attempt(lambda by: tokens.revoke_all(by=by), user=signed_in(request), now=timezone.now()) is None:
        messages.error(request, _("Nothing was ended. Try again."))
    else:
        messages.success(request, _("None of your tokens works any more."))
    return htmx.see_other(request, resolve_url("account"))


@require_POST
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out here and everywhere else, programs too."""
    form = KeyedForm(request.POST)
    answer = form.attempt(lambda by: places.end_everywhere(by=by), user=signed_in(request), now=timezone.now())
    if answer is None:
        messages.error(request, _("Nothing was ended. Try again."))
        return htmx.see_other(request, resolve_url("account"))
    auth.logout(request)
    rotate_token(request)
    left = htmx.see_other(request, resolve_url("sign-in"))
    left["Clear-Site-Data"] = '"cache"'
    return left


def _end(request: HttpRequest, do: Callable[[By, str], Answer], said: str) -> HttpResponse:
    form = EndForm(request.POST)
    answer = form.attempt(lambda by: do(by, form.cleaned_data["mark"]), user=signed_in(request), now=timezone.now())
    if answer is None:
        messages.error(request, _("Nothing was ended. Try again."))
    else:
        messages.success(request, said)
    return htmx.see_other(request, resolve_url("account"))
