"""The API's routes, gathered from the apps; its description; and what it says where there is nothing."""

from importlib.util import find_spec

from csp.decorators import csp
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.audit.guard import API
from config.audit.rest import problems

PARTS = ["config.accounts", "config.approvals", "config.jobs", "config.exports", "inventory", "procurement", "reserve"]

# Swagger UI writes style attributes; scripts stay ours alone.
DOCS_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest) -> HttpResponse:
    """An address under /api/ that the API does not have, also one without its last slash."""
    message = "The API has nothing at this address. Addresses end with a slash; /api/docs/ lists them."
    return problems.plain(404, "not_found", message)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 as a problem for the API, as a page for people."""
    if request.path_info.startswith(API):
        return problems.plain(400, "bad_request", "The request cannot be read.")
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 as a problem for the API, as a page for people."""
    if request.path_info.startswith(API):
        return problems.plain(500, "server_error", "The system failed. Nothing of this request was written; try again.")
    return defaults.server_error(request)


urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"{part}.api_urls")) for part in PARTS if find_spec(f"{part}.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        login_required(csp(DOCS_POLICY)(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))),
        name="api-docs",
    ),
    re_path(r"", nothing, name="api-nothing"),
]
