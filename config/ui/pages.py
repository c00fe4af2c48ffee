"""What every page takes from its request: the person who asks, and the methods that a form answers to."""

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from config.accounts.models import User

open_or_send = require_http_methods(["GET", "HEAD", "POST"])


def signed_in(request: HttpRequest) -> User:
    """The person; LoginRequiredMiddleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user
