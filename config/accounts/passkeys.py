"""Passkeys (WebAuthn): what the browser is asked, and whether what it answers is right.

Where somebody has shown a first factor the challenge waits in
their session, before that in their browser (config/accounts/waiting.py).
"""

import json
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.refused import Refused


class PasskeyRefused(Refused):
    code = "passkey_refused"
    status = 422
    template = _("This passkey is not known here, or did not answer. Try again, or sign in another way.")


def fits(request: HttpRequest) -> bool:
    """False at an address in numbers: browsers tie passkeys to a name (`localhost` is one, 127.0.0.1 is not)."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def registration(person: User) -> dict[str, Any]:
    """What the browser is asked in order to make a passkey that can sign in alone."""
    return _plain(auth.begin_registration(person, passwordless=True))


def registered(credential: str) -> dict[str, Any]:
    """The credential, when it answers what was asked in this session and its person was verified. Raises PasskeyRefused."""
    read = _read(credential)
    try:
        auth.parse_registration_response(read)
        verified = auth.complete_registration(read).is_user_verified()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise PasskeyRefused() from None
    if not verified:
        raise PasskeyRefused()
    return read


def question(person: User | None) -> dict[str, Any]:
    """What the browser is asked in order to show a passkey: one of this person's, or any that it has for us."""
    return _plain(auth.begin_authentication(person))


def shown(credential: str, *, person: User | None) -> Authenticator:
    """The passkey that answered: this person's, or of whom it names, who must be active. Raises PasskeyRefused."""
    read = _read(credential)
    try:
        auth.parse_authentication_response(read)
        owner = person or auth.extract_user_from_response(read)
        found = auth.complete_authentication(owner, read)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise PasskeyRefused() from None
    if not found.user.is_active:
        raise PasskeyRefused()
    return found


def ask_anybody(request: HttpRequest, *, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """What any browser is asked that wants to sign in by a passkey, and what has to wait for its answer. Fills no session."""
    asked = question(None)
    return asked, {"state": request.session.pop(auth.STATE_SESSION_KEY), "at": now.timestamp()}


def shown_by_anybody(request: HttpRequest, credential: str, *, asked: Any) -> Authenticator:
    """The passkey that answered what was `asked` of a browser. An answer is good for once: not when the passkey has been
    used since. Raises PasskeyRefused."""
    if not isinstance(asked, dict):
        raise PasskeyRefused()
    request.session[auth.STATE_SESSION_KEY] = asked["state"]
    try:
        found = shown(credential, person=None)
    finally:
        request.session.pop(auth.STATE_SESSION_KEY, None)
    if found.last_used_at and found.last_used_at.timestamp() >= asked["at"]:
        raise PasskeyRefused()
    return found


def _read(credential: str) -> dict[str, Any]:
    try:
        read = json.loads(credential)
    except (ValueError, RecursionError):
        raise PasskeyRefused() from None
    if not isinstance(read, dict):
        raise PasskeyRefused()
    return read


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """As JSON knows it: the library's own mappings become plain ones."""
    plain: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return plain
