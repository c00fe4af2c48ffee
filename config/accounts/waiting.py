"""What waits between two requests of somebody who has not come in: signed, in their own browser, for ten minutes.

So whoever knocks fills no table. It may be read by its browser, and must not be secret from it.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

FOR_S = 600


def keep(response: HttpResponse, what: str, value: Any) -> None:
    """Let a JSON value wait in the browser under this name."""
    response.set_cookie(
        what,
        signing.dumps(value, salt=what, compress=True),
        max_age=FOR_S,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def read(request: HttpRequest, what: str) -> Any:
    """What waits under this name, as it was put; None where there is nothing, or it is older or another's."""
    try:
        return signing.loads(request.COOKIES.get(what, ""), salt=what, max_age=FOR_S)
    except signing.BadSignature:
        return None


def drop(response: HttpResponse, what: str) -> None:
    """It has been answered."""
    response.delete_cookie(what, samesite="Lax")
