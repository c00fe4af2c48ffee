"""The language and the units of the person who reads; and a refusal that no view put on its form as a small page."""

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from config.accounts import preferences
from config.accounts.matrix import NotAllowed
from config.audit import attempts
from config.audit.refused import Refused
from config.ui import figures, htmx

API = "/api/"


class LanguageMiddleware:
    """Pages speak the person's language, else the browser's, and write masses in the person's unit. The API speaks English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            with translation.override("en"):
                return self.get_response(request)
        chosen = preferences.language(request.user)
        language = chosen or translation.get_language_from_request(request)
        unit = preferences.mass_unit(request.user)
        with translation.override(language), figures.preferring(unit):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not chosen:
            patch_vary_headers(response, ["Accept-Language"])
        if isinstance(response, StreamingHttpResponse):
            parts = cast(Iterable[bytes], response.streaming_content)
            response.streaming_content = _spoken(parts, language, unit)
        return response


def _spoken(parts: Iterable[bytes], language: str, unit: str) -> Iterator[bytes]:
    """What is written only while it is sent, in the language that was asked for."""
    with translation.override(language), figures.preferring(unit):
        yield from parts


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
        return refused(request, exception)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal as a page, or for a swap as a line among the messages, so that what was typed stays where it is."""
    swap = htmx.is_swap(request)
    name = "ui/refusal.html" if swap else "ui/refused.html"
    response = render(request, name, {"refusal": refusal}, status=refusal.status)
    if swap:
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
    if "retry_after_s" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after_s"])
    return response
