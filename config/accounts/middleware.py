"""Who has not signed in, or whose session has ended, is sent to sign in and comes back to the page they were on."""

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from config.accounts import codes, loans, onward, signed_in, typed
from config.accounts.credentials import SecondFactorMissing, SetYourOwn
from config.accounts.entering import MUST_CHANGE, SECOND_FACTOR
from config.accounts.forms import SignInForm
from config.accounts.models import User
from config.audit.refused import Refused
from config.audit.rest import problems
from config.ui import htmx


class PersonBackend(ModelBackend):
    """Django's, but the person of a request comes with what is lent to them today: one query, as before."""

    def get_user(self, user_id: int) -> User | None:
        person = loans.person(user_id, today=timezone.now().date())
        return person if person is not None and self.user_can_authenticate(person) else None


class SessionLimitMiddleware:
    """A session that was idle, or has lasted, for too long ends; what was asked for is then asked by nobody.

    Who comes back after that sees the form again that they had filled in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and signed_in.is_over(request.session, now=timezone.now()):
            request.left_by = request.user.pk  # type: ignore[attr-defined]  # read where the sign-in page is shown
            auth.logout(request)
        typed.show_again(request)
        return self.get_response(request)


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """As Django's, but a swap loads the sign-in page whole, and a form leads back to the page that it stood on."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if super().process_view(request, view_func, view_args, view_kwargs) is None:
            return None
        if request.method == "POST" and not htmx.is_swap(request) and (page := _sign_in_with_what_was_typed(request)):
            return page
        answer = redirect_to_login(_wanted(request), resolve_url(settings.LOGIN_URL))
        return htmx.see_other(request, f"{answer.url}&ended=yes") if htmx.is_swap(request) else answer


def _sign_in_with_what_was_typed(request: HttpRequest) -> HttpResponse | None:
    """The sign-in page that carries what was sent, where a session ended and it is known whose."""
    person_id, page = getattr(request, "left_by", None), _wanted(request)
    kept = typed.sealed(request, person_id=person_id, page=page) if person_id else ""
    if not kept:
        return None
    context = {**onward.context(request, SignInForm()), "next": page, typed.FIELD: kept}
    response = render(request, "ui/sign_in.html", {**context, "action": resolve_url("sign-in")}, status=403)
    add_never_cache_headers(response)
    return response


def _wanted(request: HttpRequest) -> str:
    """The page that was asked for, or from which something was sent; an act cannot be opened like a page."""
    if htmx.is_swap(request):
        shown = request.headers.get("HX-Current-URL", "")
    elif request.method == "POST":
        shown = request.headers.get("Referer", "")
    else:
        return request.get_full_path()
    if not url_has_allowed_host_and_scheme(shown, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url("/")
    address = urlsplit(shown)
    return f"{address.path}?{address.query}" if address.query else address.path


class SecondFactorMiddleware:
    """No further than to the page that makes it good: who has a temporary password, or a role without its second factor.

    Both are read from the session and the person's row: no query.
    """

    OPEN = frozenset(
        {
            "second-factor",
            "second-factor-app",
            "second-factor-passkey",
            "second-factor-codes",
            "confirm-password",
            "change-password",
            "sign-out",
            "api-logout",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if request.session.get(MUST_CHANGE):
            return self._only(request, {"change-password", "sign-out", "api-logout"}, SetYourOwn(), "change-password")
        if not codes.is_required(user) or request.session.get(SECOND_FACTOR) == user.pk:
            return None
        return self._only(request, self.OPEN, SecondFactorMissing(), "second-factor")

    def _only(
        self, request: HttpRequest, names: Collection[str], refusal: Refused, page: str
    ) -> HttpResponseBase | None:
        """Let the request through to these pages; from all others, on to the one where what is missing is made good."""
        found = request.resolver_match
        if found and found.url_name in names:
            return None
        if request.path_info.startswith("/api/"):
            return problems.plain(refusal.status, refusal.code, refusal.message)
        return htmx.see_other(request, resolve_url(page))
