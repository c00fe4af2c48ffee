"""API tokens: stored hashed, expiring, revocable."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.db.models import Q
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from config.accounts import codes
from config.accounts.credentials import SecondFactorMissing
from config.accounts.models import User

_TOKEN = re.compile(rb"[0-9a-zA-Z]{1,200}")


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # Knox has no types
    """Knox's, for tokens that could be one: other bytes never reach the database."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed("Invalid token.")
        found: tuple[User, AuthToken] = super().authenticate_credentials(token)
        if codes.is_required(found[0]) and not codes.kinds(found[0]) & {"totp", "webauthn"}:
            raise SecondFactorMissing()
        return found


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # registers itself, untyped
    target_class = "config.accounts.tokens.TokenAuthentication"
    name = "token"


def issue(*, person: User, now: datetime) -> dict[str, Any]:
    """A new token for the person: {"token", "expiry"}. Of very many, the oldest is given up."""
    mine = AuthToken.objects.filter(user=person)
    mine.filter(Q(expiry__lt=now)).delete()
    kept = mine.order_by("-created").values_list("pk", flat=True)[: settings.TOKENS_PER_PERSON - 1]
    mine.exclude(pk__in=list(kept)).delete()
    row, token = AuthToken.objects.create(user=person)
    update_last_login(User, person)
    return {"token": token, "expiry": row.expiry}
