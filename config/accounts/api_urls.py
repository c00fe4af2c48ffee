"""Routes of signing in under /api/."""

from django.urls import path

from config.accounts import api

urlpatterns = [
    path("auth/token/", api.Token.as_view(), name="api-token"),
    path("auth/logout/", api.Logout.as_view(), name="api-logout"),
]
