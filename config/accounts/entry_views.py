"""Between the password and the session: the second factor, and the passkey that is both. Confirming that one is still there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from config.accounts import codes, confirming, devices, entering, lockout, onward, passkeys, sso, typed, waiting
from config.accounts.forms import CodeForm, ConfirmForm, PasskeyAnswerForm
from config.accounts.models import User
from config.audit.refused import Refused
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in

JOURNEY, QUESTION = "sso", "passkey"


@login_not_required
@never_cache
@sensitive_post_parameters("code", "credential")
@open_or_send
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor of who gave the right password: a code, or a passkey."""
    stage = entering.pending(request)
    if request.user.is_authenticated or stage is None:
        return redirect("sign-in")
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        try:
            _show(request, stage.login.user, form)
            return entering.by_factor(request, stage)
        except Refused as refusal:
            form.add_error("code" if refusal.field == "code" else None, refusal.message)
            status = 429 if refusal.status == 429 else 422
    form.fields["code"].required = True  # for who types; a passkey leaves it empty
    person = stage.login.user
    held, fits = codes.kinds(person), passkeys.fits(request)
    ask = passkeys.question(person) if "webauthn" in held and fits else None
    context = {"form": form, "held": held, "fits": fits, "ask": ask, "answer": PasskeyAnswerForm()}
    return render(request, "accounts/second_step.html", context, status=status)


def _show(request: HttpRequest, person: User, form: CodeForm) -> None:
    """One attempt at the second factor; it counts as one at the password does."""
    readable = form.is_valid()
    lockout.take(username=person.username, origin=devices.origin_of(request), now=timezone.now())
    if "credential" in request.POST:
        passkeys.shown(request.POST["credential"], person=person)
    elif readable:
        codes.spend(person=person, code=form.cleaned_data["code"], now=timezone.now())
    else:
        raise passkeys.PasskeyRefused()


@login_not_required
@never_cache
@require_safe
def to_sso(request: HttpRequest) -> HttpResponse:
    """Off to the organisation's own sign-in."""
    if not sso.label() or request.user.is_authenticated:
        return redirect("sign-in")
    try:
        address, journey = sso.begin(back=_back(request), onward=onward.of(request))
    except Refused as refusal:
        return render(request, "accounts/sso_refused.html", {"refusal": refusal}, status=refusal.status)
    answer = redirect(address)
    waiting.keep(answer, JOURNEY, journey.as_json())
    return answer


@login_not_required
@never_cache
@require_safe
def from_sso(request: HttpRequest) -> HttpResponse:
    """Back from the organisation's own sign-in; an answer is good for the one browser that asked, and for once."""
    answer = redirect("/") if request.user.is_authenticated else _back_from_sso(request)
    waiting.drop(answer, JOURNEY)
    return answer


def _back_from_sso(request: HttpRequest) -> HttpResponse:
    kept = waiting.read(request, JOURNEY)
    try:
        if not sso.label() or kept is None:
            raise sso.SsoRefused()
        journey = sso.Journey(**kept)
        given = {name: request.GET.get(name, "") for name in ("state", "code")}
        person = sso.finish(journey=journey, back=_back(request), **given)
    except Refused as refusal:
        return render(request, "accounts/sso_refused.html", {"refusal": refusal}, status=refusal.status)
    return entering.by_sso(request, person=person, onward=onward.checked(request, journey.onward))


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(resolve_url("sign-in-sso-back"))


@login_not_required
@never_cache
@sensitive_post_parameters("credential")
@open_or_send
def by_passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser must answer, as JSON. POST: its answer; then in."""
    if request.method != "POST":
        question, asked = passkeys.ask_anybody(request, now=timezone.now())
        answer = JsonResponse(question)
        waiting.keep(answer, QUESTION, asked)
        return answer
    to = onward.of(request)
    if request.user.is_authenticated:
        return htmx.see_other(request, to)
    try:
        asked = waiting.read(request, QUESTION)
        passkey = passkeys.shown_by_anybody(request, request.POST.get("credential", ""), asked=asked)
        typed.keep(request, person_id=passkey.user_id)
        return entering.by_passkey(request, passkey=passkey, onward=to)
    except Refused as refusal:
        form = onward.sign_in_form()
        form.add_error(None, refusal.message)
        return render(
            request, "ui/sign_in.html", {**onward.context(request, form), "action": resolve_url("sign-in")}, status=422
        )


@never_cache
@sensitive_post_parameters("password")
@open_or_send
def confirm(request: HttpRequest) -> HttpResponse:
    """The password again, before something that a borrowed screen must not do."""
    user = signed_in(request)
    form, status = ConfirmForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                confirming.confirm(request, person=user, password=form.cleaned_data["password"], now=timezone.now())
                return htmx.see_other(request, onward.of(request, otherwise=resolve_url("second-factor")))
        except Refused as refusal:
            form.add_error("password" if refusal.status == 422 else None, refusal.message)
            status = refusal.status
    return render(request, "accounts/confirm.html", onward.context(request, form), status=status)
