"""A refusal that no view put on its form becomes a small page that says what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.accounts.matrix import NotAllowed
from config.audit import attempts
from config.audit.refused import Refused
from config.ui import htmx

API = "/api/"


class RefusalMiddleware:
    """Turns `Refused` into its status and sentence for pages; the API has its own handler and is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused) or request.path.startswith(API):
            return None
        if isinstance(exception, NotAllowed):
            attempts.record(request, exception, now=timezone.now())
        if htmx.is_swap(request):
            response = render(request, "ui/refusal.html", {"refusal": exception}, status=exception.status)
            response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
            return response
        return render(request, "ui/refused.html", {"refusal": exception}, status=exception.status)
