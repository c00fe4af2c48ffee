"""Single sign-on by OpenID Connect, where the operator has set an issuer: the code flow with PKCE, state and nonce.

Who comes back is matched to a person who is here already and active; nobody is ever made by signing in. The only addresses
that are called are the issuer's from the settings and those that its own description names.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.refused import Refused

TIMEOUT_S = 5
LONGEST_ANSWER = 262_144
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
LEEWAY_S = 30


class SsoUnreachable(Refused):
    code = "sso_unreachable"
    status = 503
    template = _(
        "The sign-in of your organisation does not answer. Try again in a while, or sign in with your password."
    )


class SsoRefused(Refused):
    code = "sso_refused"
    status = 403
    template = _("The answer of your organisation's sign-in does not fit this browser, or came too late. Start again.")


class SsoUnknown(Refused):
    code = "sso_unknown"
    status = 403
    template = _(
        "Your organisation knows you, but nobody by that name may sign in here. Ask an administrator of the reserve to add "
        "you, or to open your entry again."
    )


@dataclass(frozen=True)
class Journey:
    """What waits in the session for the answer."""

    state: str
    nonce: str
    verifier: str
    onward: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def label() -> str:
    """The words on the button; "" where single sign-on is not set up."""
    return str(settings.OIDC_LABEL) if settings.OIDC_ISSUER else ""


def begin(*, back: str, onward: str) -> tuple[str, Journey]:
    """The address to send the person to, and what to keep until they come `back`. Raises SsoUnreachable."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _n in range(3))
    journey = Journey(state, nonce, verifier, onward)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back,
        "scope": "openid profile email",
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _description()["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", journey


def finish(*, journey: Journey, state: str, code: str, back: str) -> User:
    """The person who came back. Raises SsoRefused, SsoUnknown, SsoUnreachable."""
    if not code or not hmac.compare_digest(state.encode(), journey.state.encode()):
        raise SsoRefused()
    description = _description()
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": journey.verifier}
    given = _call("POST", description["token_endpoint"], data=sent, refused=SsoRefused)
    claims = _claims(str(given.get("id_token", "")), description)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), journey.nonce.encode()):
        raise SsoRefused()
    return _person(claims)


def _claims(token: str, description: dict[str, Any]) -> dict[str, Any]:
    """What the token says, once its signature, issuer, audience and times are right."""
    try:
        keys = jwt.PyJWKSet.from_dict(_call("GET", description["jwks_uri"]))
        named = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in keys.keys if named is None or key.key_id == named]
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0],
            algorithms=ALGORITHMS,
            audience=settings.OIDC_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, IndexError):
        raise SsoRefused() from None
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise SsoRefused()
    return claims


def _person(claims: dict[str, Any]) -> User:
    """The active person whom the claim of the settings names: by e-mail address, any other claim by user name."""
    named = claims.get(settings.OIDC_CLAIM)
    if (
        not isinstance(named, str)
        or not named
        or "\0" in named
        or (settings.OIDC_CLAIM == "email" and not claims.get("email_verified"))
    ):
        raise SsoUnknown()
    which = {"email__iexact": named} if settings.OIDC_CLAIM == "email" else {"username": named.lower()}
    found = list(User.objects.filter(**which, is_active=True).exclude(username="system")[:2])
    if len(found) != 1:
        raise SsoUnknown()
    return found[0]


def _description() -> dict[str, Any]:
    """What the issuer says of itself; it must be the issuer of the settings that says it."""
    found = _call("GET", f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    secure = urlsplit(settings.OIDC_ISSUER).scheme
    right = all(
        isinstance(found.get(name), str) and urlsplit(found[name]).scheme in ("https", secure) for name in names
    )
    if found.get("issuer") != settings.OIDC_ISSUER or not right:
        raise SsoUnreachable()
    return found


def _call(
    method: str, address: str, *, data: dict[str, str] | None = None, refused: type[Refused] = SsoUnreachable
) -> dict[str, Any]:
    """Ask the provider, who leads nowhere else and answers with a JSON object. Raises SsoUnreachable, or `refused` for a no."""
    auth = (settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET) if data else None
    try:
        with requests.request(
            method, address, data=data, auth=auth, timeout=TIMEOUT_S, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != 200:
                raise refused() if 400 <= answer.status_code < 500 else SsoUnreachable()
            body = answer.raw.read(LONGEST_ANSWER, decode_content=True)
        found = json.loads(body)
    except (requests.RequestException, ValueError):
        raise SsoUnreachable() from None
    if not isinstance(found, dict):
        raise SsoUnreachable()
    return found
