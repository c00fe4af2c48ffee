"""The API's routes, gathered from the apps."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

PARTS = ["config.accounts", "config.approvals", "config.jobs", "inventory", "procurement", "reserve"]

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"{part}.api_urls")) for part in PARTS if find_spec(f"{part}.api_urls")),
]
