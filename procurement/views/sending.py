"""What every page that sends a form does."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.audit import keyset
from config.audit.commands import Answer, By
from config.audit.forms import KeyedForm
from config.audit.refused import Refused

open_or_send = require_http_methods(["GET", "HEAD", "POST"])


def attempt(form: KeyedForm, do: Callable[[By], Answer], user: User) -> Answer | None:
    """Do it under the form's key; None when the form or the door refused, and the form says why."""
    if not form.is_valid():
        form.renew()
        return None
    try:
        return do(form.by(user, timezone.now()))
    except NotAllowed:
        raise
    except Refused as refusal:
        if refusal.status == 404 and not refusal.field:
            raise
        form.refuse(refusal)
        return None


def signed_in(request: HttpRequest) -> User:
    """The person; LoginRequiredMiddleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def in_words(page: keyset.Page[Any], one: str, many: str) -> str:
    """How many rows a list has: `1 order`, `30 orders`, `more than 1,000 orders`."""
    return f"{page.counted} {one if page.count == 1 else many}"
