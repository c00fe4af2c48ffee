"""What a load balancer and a monitor ask. Open to everybody, so they say nothing but how the system is."""

from collections.abc import Callable
from typing import ClassVar

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.jobs import heartbeat


@login_not_required
@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process lives. Touches no database: a dead database is no reason to kill the web process."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every job ran when it should; 503 with the names of the overdue ones."""
    try:
        late = [row.job for row in heartbeat.overdue(now=timezone.now())]
    except Error:
        return JsonResponse({"status": "no database", "overdue": []}, status=503)
    return JsonResponse({"status": "overdue" if late else "ok", "overdue": late}, status=503 if late else 200)


class ProbeMiddleware:
    """Answers the probes before anything else, so that they work with a dead database, by any host name, without HTTPS.

    LoginRequiredMiddleware would read the session of a signed-in browser first, even for a view that is open to all.
    """

    VIEWS: ClassVar[dict[str, Callable[[HttpRequest], HttpResponse]]] = {"/livez": livez, "/healthz": healthz}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.VIEWS.get(request.path_info, self.get_response)(request)
