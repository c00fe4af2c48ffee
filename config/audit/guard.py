"""What no view needs to see: bodies far too large, and addresses with characters that no database takes."""

import re
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.audit.rest import problems
from config.audit.rest.body import MAX_BODY

API = "/api/"
_FORM = "application/x-www-form-urlencoded"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NEVER = re.compile("[\x00\ud800-\udfff]")


class GuardMiddleware:
    """Refuses before sessions and bodies are read: 413 by the announced length alone, 400 for the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > MAX_BODY:
            return _refusal(request, 413, "too_large", _("The body is larger than 1 MiB."))
        if "HTTP_TRANSFER_ENCODING" in request.META and "CONTENT_LENGTH" not in request.META:
            # Without a length the body would count as empty, and be answered as if it were.
            return _refusal(request, 411, "length_needed", _("Send the body in one piece, with its Content-Length."))
        if not _utf8(request):
            # Django refuses it too, but only once the form is read: again and again while it draws that refusal.
            return _refusal(request, 415, "not_utf8", _("Send forms in UTF-8."))
        if not _readable(request):
            return _refusal(request, 400, "bad_address", _("The address holds characters that cannot be read."))
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 19 else 0


def _utf8(request: HttpRequest) -> bool:
    return request.content_type != _FORM or (request.encoding or "utf-8").lower() == "utf-8"


def _readable(request: HttpRequest) -> bool:
    if _CONTROL.search(request.path_info):
        return False
    try:
        query = request.GET
    except SuspiciousOperation:
        return False
    return not any(_NEVER.search(name) or any(map(_NEVER.search, values)) for name, values in query.lists())


def _refusal(request: HttpRequest, status: int, code: str, message: str | Promise) -> HttpResponse:
    if request.path_info.startswith(API):
        return problems.plain(status, code, str(message))
    return render(None, "400.html", status=status)
