"""Known devices: a signed cookie, set where a person has signed in, that gives them a budget of attempts of their own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.accounts.models import KnownDevice, User

COOKIE = "device"
KEPT_FOR = timedelta(days=400)  # browsers keep no cookie for longer
KEPT_PER_PERSON = 20
NOWHERE = "0.0.0.0"


@dataclass(frozen=True)
class Origin:
    """Where an attempt comes from: the address that is counted, and the digest of the device's cookie or ""."""

    address: str
    device: str = ""


def origin_of(request: HttpRequest) -> Origin:
    """Where a request comes from."""
    token = _token(request)
    return Origin(address_of(request), _digest(token) if token else "")


def address_of(request: HttpRequest) -> str:
    """The address that is counted: of IPv6 the network, as one household holds 2^64 addresses.

    Behind the proxy it is what that noted last: all else of the header the client can invent.
    """
    noted = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS_PROXY else ""
    try:
        found = ip_address(noted.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return NOWHERE
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False).network_address)


def is_known(*, username: str, device: str) -> bool:
    """True when this person has signed in on this device before, and may still sign in."""
    if not device:
        return False
    return KnownDevice.objects.filter(user__username=username, user__is_active=True, digest=device).exists()


def remember(request: HttpRequest, response: HttpResponse, *, person: User, now: datetime) -> None:
    """The person has signed in here: know this browser again. Of very many, the ones unused for longest are forgotten."""
    token = _token(request) or secrets.token_urlsafe(32)
    browser = request.headers.get("User-Agent", "").replace("\x00", "")[:200]
    KnownDevice.objects.update_or_create(
        user=person,
        digest=_digest(token),
        defaults={"browser": browser, "last_at": now},
        create_defaults={"browser": browser, "first_at": now, "last_at": now},
    )
    mine = KnownDevice.objects.filter(user=person)
    kept = mine.filter(last_at__gte=now - KEPT_FOR).order_by("-last_at").values_list("pk", flat=True)[:KEPT_PER_PERSON]
    mine.exclude(pk__in=list(kept)).delete()
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=COOKIE,
        max_age=KEPT_FOR,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def _token(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or "")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
