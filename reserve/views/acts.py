"""What every page that writes has in common: who is signed in, and one try under the form's key."""

from collections.abc import Callable

from django.http import HttpRequest

from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.audit.commands import Answer, By
from config.audit.forms import KeyedForm
from config.audit.refused import Refused


def signed_in(request: HttpRequest) -> User:
    """The person; LoginRequiredMiddleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def attempt(form: KeyedForm, do: Callable[[By], Answer], by: By | None) -> Answer | None:
    """Do it; None when the form or the door refused, and the form says why. What is not there or not allowed is raised."""
    if by is None:
        form.renew()
        return None
    try:
        return do(by)
    except NotAllowed:
        raise
    except Refused as refusal:
        if refusal.status == 404:
            raise
        form.refuse(refusal)
        return None
