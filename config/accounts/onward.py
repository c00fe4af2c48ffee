"""Where a person goes once they are in: the page of ours that they asked for, else the desk. Never elsewhere."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from config.accounts import passkeys, sso
from config.accounts.forms import PasskeyAnswerForm, SignInForm


def of(request: HttpRequest, otherwise: str = "") -> str:
    """The address that the form or the link names as `next`, if it is one of ours."""
    return checked(request, request.POST.get("next", request.GET.get("next", "")), otherwise)


def checked(request: HttpRequest, wanted: str, otherwise: str = "") -> str:
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise or resolve_url("/")


def sign_in_form() -> SignInForm:
    """A form that can take an error though nothing was typed into it."""
    form = SignInForm({})
    form.is_valid()
    form.errors.clear()
    return form


def context(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What a page of signing in shows: its form, where it leads, and the other ways in."""
    return {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "typed": request.POST.get("typed", ""),
        "ended": request.GET.get("ended", ""),
        "answer": PasskeyAnswerForm(),
        "fits": passkeys.fits(request),
        "sso": sso.label(),
    }
