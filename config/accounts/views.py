"""Signing in and out, changing one's password, and the people of the system."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from config.accounts import credentials, devices, entering, onward, passwords, typed
from config.accounts.forms import ChangePasswordForm, SignInForm
from config.audit.refused import Refused
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@open_or_send
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then on to the page that was asked for. Who guesses is made to wait."""
    to = onward.of(request)
    if request.user.is_authenticated:
        return htmx.see_other(request, to)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            given = form.cleaned_data
            person = credentials.check(
                request=request, username=given["username"], password=given["password"], now=timezone.now()
            )
            typed.keep(request, person_id=person.pk)
            return entering.by_password(request, person=person, onward=to)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 429 if refusal.status == 429 else 422
    return render(request, "ui/sign_in.html", onward.context(request, form), status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and have the browser forget the pages that it kept.

    Where it does not, the new CSRF token tells them that they are no longer this person's (ui/forms.js).
    """
    auth.logout(request)
    rotate_token(request)
    answer = htmx.see_other(request, resolve_url("sign-in"))
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@never_cache
@sensitive_post_parameters("present", "new", "again")
@open_or_send
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions and API tokens end with the old one."""
    user = signed_in(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "ui/change_password.html", {"form": form})
    answer = form.attempt(
        lambda by: passwords.change(
            by=by,
            present=form.cleaned_data["present"],
            new=form.cleaned_data["new"],
            origin=devices.origin_of(request),
            keep_tokens=form.cleaned_data["keep_tokens"],
        ),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return render(request, "ui/change_password.html", {"form": form}, status=422)
    user.refresh_from_db()
    auth.update_session_auth_hash(request, user)
    request.session.pop(entering.MUST_CHANGE, None)
    messages.success(request, _("Your password is changed. Other sessions of yours have ended."))
    return htmx.see_other(request, resolve_url("/"))
