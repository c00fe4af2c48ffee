"""One page, two ways to ask for it: whole, or only the part that htmx swaps."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri


def is_swap(request: HttpRequest) -> bool:
    """True where htmx wants a fragment. A boosted link or a restored history entry wants the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Answers with the page, or with the very fragment that the page includes.

    A refused form is `status=422`. Waiting messages travel with the fragment, out of band, into the page's live region.
    """
    swap = is_swap(request)
    content = render_to_string(fragment_template if swap else page_template, context, request)
    if swap and len(messages.get_messages(request)):
        content += render_to_string("ui/messages.html", {"swapped": True}, request)
    response = HttpResponse(content, status=status)
    response["Vary"] = "HX-Request"
    return response


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Sends a form that was done to the page where its effect shows: 303, or htmx's own way to load a whole page."""
    if is_swap(request):
        return HttpResponse(status=204, headers={"HX-Redirect": iri_to_uri(url)})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
