"""How fast one person may go: for each kind of request a bucket of tokens that fills up again.

The buckets stand in Valkey, one step each, so that all web processes count together. They keep one person from taking the
time of all others, and slow who copies the reserve page by page; rights and lock-outs do not rest on them. So when Valkey
is away, nobody is held up. `settings.PACE` names for each kind (burst, tokens a second).
"""

from collections.abc import Callable
from functools import cache
from math import ceil
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from config.audit.refused import Refused
from config.jobs.breaker import Breaker
from config.ui.middleware import refused

API = "/api/"
TIMEOUT_MS = 200
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
View = TypeVar("View", bound=Callable[..., Any])

# Takes one token from the bucket, or says how many milliseconds until there is one. The server's clock counts.
TAKE = """
    local burst, each = tonumber(ARGV[1]), tonumber(ARGV[2])
    local clock = redis.call('TIME')
    local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
    local left = redis.call('HMGET', KEYS[1], 'tokens', 'at')
    local tokens = math.min(burst, (tonumber(left[1]) or burst) + (now - (tonumber(left[2]) or now)) * each / 1000)
    if tokens < 1 then return math.ceil((1 - tokens) * 1000 / each) end
    redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', now)
    redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / each) + 1000)
    return 0
"""

breaker = Breaker("Requests are not counted, so nobody is slowed down")


class TooFast(Refused):
    code = "too_fast"
    status = 429
    template = _("This is more than one person may send at once. Nothing was done; try again in {retry_after_s} s.")


def counts_as(kind: str) -> Callable[[View], View]:
    """Marks a view whose reading costs so much that it is counted: @counts_as("search")."""

    def mark(view: View) -> View:
        view.pace = kind  # type: ignore[attr-defined]  # read by the middleware
        return view

    return mark


def take(*, person_id: int, kind: str) -> None:
    """Take one token of this kind. Raises TooFast when there is none; KeyError for a kind that settings do not name."""
    burst, each = settings.PACE[kind]
    if not breaker.may_try():
        return
    try:
        wait_ms = int(_take()(keys=[f"pace:{connection.settings_dict['NAME']}:{kind}:{person_id}"], args=[burst, each]))
    except (redis.RedisError, OSError) as error:
        breaker.failed(error)
        return
    breaker.succeeded()
    if wait_ms:
        raise TooFast(retry_after_s=ceil(wait_ms / 1000))


@cache
def _take() -> Callable[..., Any]:
    address = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)  # Celery's word for a Unix socket
    client = redis.Redis.from_url(address, socket_timeout=TIMEOUT_MS / 1000, socket_connect_timeout=TIMEOUT_MS / 1000)
    return client.register_script(TAKE)


def _kind(request: HttpRequest, view: Any) -> str:
    marked: str = getattr(view, "pace", "")
    return marked or ("" if request.method in READS else "write")


class PaceMiddleware:
    """Counts what signed-in people send to pages. The API counts for itself, once it knows whose token it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _options: Any) -> HttpResponse | None:
        kind = _kind(request, view)
        if not kind or request.path_info.startswith(API) or request.user.pk is None:
            return None
        try:
            take(person_id=request.user.pk, kind=kind)
        except TooFast as refusal:
            return refused(request, refusal)
        return None


class Throttle(BaseThrottle):
    """The same for the API."""

    def allow_request(self, request: Request, view: Any) -> bool:
        kind = _kind(request, view)
        if kind and request.user.pk is not None:
            take(person_id=request.user.pk, kind=kind)
        return True
