"""A person's second factors: an authenticator app, passkeys, recovery codes. allauth keeps them; what is secret is sealed."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import codes, ending
from config.accounts.models import ApiToken, User
from config.accounts.people import PersonRow
from config.accounts.sealing import seal
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
PASSKEYS_PER_PERSON = 10


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of apps and seeds of recovery codes are sealed with MFA_KEY before they reach the database."""

    def encrypt(self, text: str) -> str:
        return seal(b"second factors", settings.MFA_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seal(b"second factors", settings.MFA_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return "Strategic Reserve"


class WrongFirstCode(Refused):
    code = "wrong_first_code"
    status = 422
    template = gettext_lazy(
        "This code does not fit. See that the clock of the device is right, then type the code that it shows."
    )
    field = "code"


class AppThere(Refused):
    code = "app_there"
    status = 409
    template = gettext_lazy("An authenticator app is set up already. Remove it first, then set up the new one.")


class TooManyPasskeys(Refused):
    code = "too_many_passkeys"
    status = 409
    template = gettext_lazy("You have {most} passkeys. Remove one that you no longer use, then add this one.")


class NoSuchFactor(Refused):
    code = "no_such_factor"
    status = 404
    template = gettext_lazy("There is no such second factor of yours. It may have been removed in another window.")


class LastFactor(Refused):
    code = "last_factor"
    status = 409
    template = gettext_lazy(
        "Your role needs a second factor, and this is your last one. Add another first, then remove this one."
    )


class NoFactorYet(Refused):
    code = "no_factor_yet"
    status = 409
    template = gettext_lazy(
        "Recovery codes stand in for a second factor. Set up an authenticator app or a passkey first."
    )


@dataclass(frozen=True)
class Factor:
    """One factor as its person sees it; `left` counts the recovery codes that were not used yet."""

    pk: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None
    left: int | None = None


def listing(person: User) -> list[Factor]:
    """The person's second factors, in the order they were added; one query."""
    return [_factor(row) for row in Authenticator.objects.filter(user_id=person.pk).order_by("pk")]


def missing(people: Iterable[PersonRow]) -> list[PersonRow]:
    """Of these people, those of whom a role needs a second factor and who have neither app nor passkey. One query."""
    needing = [person for person in people if codes.is_required(person)]
    ids = [person.id for person in needing]
    having = set(
        Authenticator.objects.filter(user_id__in=ids, type__in=[APP, PASSKEY]).values_list("user_id", flat=True)
    )
    return [person for person in needing if person.id not in having]


def one(*, person: User, pk: int) -> Factor:
    """One factor of this person. Raises NoSuchFactor, for another person's as for none."""
    row = Authenticator.objects.filter(user_id=person.pk, pk=pk).first()
    if row is None:
        raise NoSuchFactor()
    return _factor(row)


def add_app(*, by: By, sealed_secret: str, code: str, session: str = "") -> Answer:
    """Set up the authenticator app that shows this code. Raises AppThere, WrongFirstCode.

    The first factor brings ten recovery codes with it, and ends tokens and other sessions (than `session`)
    that were opened without it.
    """

    def act(opened: Opened) -> Answer:
        person = _locked(opened.actor)
        if Authenticator.objects.filter(user=person, type=APP).exists():
            raise AppThere()
        counter = codes.counter_of(secret=decrypt(sealed_secret), code="".join(code.split()), now=by.now)
        if counter is None:
            raise WrongFirstCode()
        data = {"secret": sealed_secret, "last_counter": counter}
        row = Authenticator.objects.create(user=person, type=APP, data=data, created_at=by.now)
        return {"person": person.username, "factor": row.pk, **_with_first(person, session)}

    return run(by, kind="accounts.add_app", request={}, act=act)


def add_passkey(*, by: By, name: str, credential: dict[str, Any], session: str = "") -> Answer:
    """Keep a passkey whose registration was verified (`passkeys.registered`). Raises TooManyPasskeys."""

    def act(opened: Opened) -> Answer:
        person = _locked(opened.actor)
        if Authenticator.objects.filter(user=person, type=PASSKEY).count() >= PASSKEYS_PER_PERSON:
            raise TooManyPasskeys(most=PASSKEYS_PER_PERSON)
        data = {"name": name, "credential": credential}
        row = Authenticator.objects.create(user=person, type=PASSKEY, data=data, created_at=by.now)
        return {"person": person.username, "factor": row.pk, **_with_first(person, session)}

    return run(by, kind="accounts.add_passkey", request={"name": name}, act=act)


def remove(*, by: By, pk: int) -> Answer:
    """Remove one of one's own factors; with the last one the recovery codes go too. Raises NoSuchFactor, LastFactor."""

    def act(opened: Opened) -> Answer:
        person = _locked(opened.actor)
        factor = one(person=person, pk=pk)
        others = Authenticator.objects.filter(user=person).exclude(pk=pk).exclude(type=CODES).exists()
        if factor.kind != CODES and not others and codes.is_required(person):
            raise LastFactor()
        Authenticator.objects.filter(user=person, pk=pk).delete()
        if not others and factor.kind != CODES:
            Authenticator.objects.filter(user=person, type=CODES).delete()
        return {"person": person.username, "kind": factor.kind, "name": factor.name}

    return run(by, kind="accounts.remove_factor", request={"factor": pk}, act=act)


def new_codes(*, by: By) -> Answer:
    """Make ten new recovery codes; the old ones work no more. The codes themselves are in no record. Raises NoFactorYet."""

    def act(opened: Opened) -> Answer:
        person = _locked(opened.actor)
        if not Authenticator.objects.filter(user=person).exclude(type=CODES).exists():
            raise NoFactorYet()
        Authenticator.objects.filter(user=person, type=CODES).delete()
        RecoveryCodes.activate(person)
        return {"person": person.username}

    return run(by, kind="accounts.new_codes", request={}, act=act)


def remove_all(*, by: By, person: User, reason: str) -> Answer:
    """Take every second factor from a person who has lost theirs, with what they are signed in with; for operators."""

    def act(opened: Opened) -> Answer:
        locked = _locked(person)
        removed, _kinds = Authenticator.objects.filter(user=locked).delete()
        return {"person": locked.username, "factors_removed": removed, **ending.everything(person=locked)}

    return run(by, kind="accounts.remove_all_factors", request={"person": person.username, "reason": reason}, act=act)


def codes_of(person: User) -> list[str]:
    """The recovery codes not used yet, to be shown once, right after they were made."""
    row = Authenticator.objects.filter(user_id=person.pk, type=CODES).first()
    return list(row.wrap().get_unused_codes()) if row else []


def propose_secret() -> str:
    """A fresh secret for an authenticator app, sealed: so it may wait in the session."""
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    return str(encrypt(generate_totp_secret()))


def drawn(*, person: User, sealed_secret: str) -> dict[str, str]:
    """The secret to type, and its picture to scan as an address for <img>."""
    adapter, secret = Adapter(), decrypt(sealed_secret)
    svg = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    typed = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return {"secret": typed, "picture": f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"}


def _with_first(person: User, session: str) -> Answer:
    """What comes with a person's first factor: codes, and an end to all that was opened without it but this session."""
    if Authenticator.objects.filter(user=person, type=CODES).exists():
        return {"codes_made": False}
    RecoveryCodes.activate(person)
    revoked, _kinds = ApiToken.objects.filter(user=person).delete()
    return {
        "codes_made": True,
        "tokens_revoked": revoked,
        "sessions_ended": ending.sessions(person=person, but=session),
    }


def _factor(row: Authenticator) -> Factor:
    names = {APP: _("Authenticator app"), CODES: _("Recovery codes")}
    left = len(row.wrap().get_unused_codes()) if row.type == CODES else None
    name = names.get(row.type) or str(row.data.get("name") or _("Passkey"))
    return Factor(row.pk, row.type, name, row.created_at, row.last_used_at, left)


def _locked(person: User) -> User:
    """The person's row, locked: their factors change one after the other."""
    return User.objects.select_for_update().get(pk=person.pk)
