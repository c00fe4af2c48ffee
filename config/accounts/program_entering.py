"""The way in for programs: by a token that works, of somebody who may come in."""

import re

from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from config.accounts import codes, loans, tokens
from config.accounts.credentials import SecondFactorMissing
from config.accounts.models import ApiToken, User

_TOKEN = re.compile(rb"[0-9a-zA-Z]{1,200}")


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # Knox has no types
    """Knox's, for tokens that could be one: other bytes never reach the database. Notes now and then that it was used."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed("Invalid token.")
        found: tuple[User, ApiToken] = super().authenticate_credentials(token)
        if codes.is_required(found[0]) and not codes.kinds(found[0]) & {"totp", "webauthn"}:
            raise SecondFactorMissing()
        now = timezone.now()
        tokens.note_use(found[1], now=now)
        loans.put_on(found[0], today=now.date())
        return found

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Whether it has ended. Reading deletes nothing: what ended goes when the next one is made."""
        return bool(auth_token.expiry <= timezone.now())


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # registers itself, untyped
    target_class = "config.accounts.program_entering.TokenAuthentication"
    name = "token"
