"""Every address of the system. Pages are closed by LoginRequiredMiddleware, API routes by a denying default."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config.window import window

PARTS = [
    "config.accounts",
    "config.approvals",
    "config.audit",
    "config.jobs",
    "config.exports",
    "config.ui",
    "inventory",
    "procurement",
    "reserve",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("config.api")),
    path("admin/", window.urls),
    *(path("", include(f"{part}.urls")) for part in PARTS if find_spec(f"{part}.urls")),
]

handler400 = "config.api.bad_request"
handler500 = "config.api.server_error"
