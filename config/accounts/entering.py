"""The way in, as allauth walks it: the first factor, the second where there is one, the session. Nobody can sign up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

from config.accounts import devices, lockout, signed_in
from config.accounts.models import TemporaryPassword, User
from config.ui import htmx

# In the session: whose second factor was shown in it, and that its password was given by another.
SECOND_FACTOR = "second_factor"
MUST_CHANGE = "must_change_password"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """Between the first factor and the session; passed by who has none, or has shown one with the first."""

    urlname = "sign-in-code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        shown = self.request.session.get(SECOND_FACTOR) == self.login.user.pk
        if shown or not self._should_handle(self.request):
            return None, True
        return HttpResponseRedirect(resolve_url(self.urlname)), True


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["config.accounts.entering.SecondFactorStage"]

    def pre_login(self, request: HttpRequest, user: User, **_: Any) -> HttpResponse | None:
        return None if user.is_active else HttpResponseRedirect(resolve_url("sign-in"))

    def login(self, request: HttpRequest, user: User) -> None:
        """The person may have been closed while they looked for their code."""
        if not user.is_active:
            raise ImmediateHttpResponse(HttpResponseRedirect(resolve_url("sign-in")))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **_: Any) -> HttpResponse:
        """Who has come in is forgiven the failures before, and this browser is known from here on."""
        now = timezone.now()
        lockout.forgive(username=user.username, origin=devices.origin_of(request))
        browser = request.headers.get("User-Agent", "")
        signed_in.note_beginning(request.session, address=devices.address_of(request), browser=browser, now=now)
        if TemporaryPassword.objects.filter(user=user).exists():
            request.session[MUST_CHANGE] = True
        response = htmx.see_other(request, redirect_url or resolve_url("/"))
        devices.remember(request, response, person=user, now=now)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened in our words."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The system sends no mail."""


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """What axes asks: whether an attempt may be made, which takes it. A sign-in that succeeds forgives by itself."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = str((credentials or {}).get("username") or "")
        try:
            lockout.take(username=name, origin=devices.origin_of(request), now=timezone.now())
        except lockout.TooManyAttempts as refusal:
            request.attempts_refused = refusal  # type: ignore[attr-defined]  # read by the door that asked
            return False
        return True

    def user_login_failed(self, *args: Any, **kwargs: Any) -> None:
        """Counted before it failed."""

    def user_logged_in(self, *args: Any, **kwargs: Any) -> None:
        """Sessions are listed elsewhere; the first of two factors forgives nothing."""

    def user_logged_out(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is counted of it."""


def by_password(request: HttpRequest, *, person: User, onward: str) -> HttpResponse:
    """The password was right: on to the second factor, or in."""
    request.session.pop(SECOND_FACTOR, None)
    login = Login(user=person, redirect_url=onward)
    answer: HttpResponse = perform_password_login(request, {"username": person.username}, login)
    return answer


def by_passkey(request: HttpRequest, *, passkey: Authenticator, onward: str) -> HttpResponse:
    """A passkey that verified its person is both factors at once."""
    person = passkey.user
    request.session[SECOND_FACTOR] = person.pk
    post_authentication(request, passkey, passwordless=True)
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=onward))
    return answer


def by_sso(request: HttpRequest, *, person: User, onward: str) -> HttpResponse:
    """The organisation vouches for the person; for the second factor too, where the settings say so."""
    request.session.pop(SECOND_FACTOR, None)
    if settings.OIDC_IS_SECOND_FACTOR:
        request.session[SECOND_FACTOR] = person.pk
    record_authentication(request, person, method="socialaccount", provider="oidc")
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=onward))
    return answer


def pending(request: HttpRequest) -> Any:
    """The stage that waits for a second factor in this session, or None."""
    from allauth.account.stages import LoginStageController

    return LoginStageController.enter(request, SecondFactorStage.key)


def by_factor(request: HttpRequest, stage: Any) -> HttpResponse:
    """The second factor was shown: in."""
    request.session[SECOND_FACTOR] = stage.login.user.pk
    answer: HttpResponse = stage.exit()
    return answer
