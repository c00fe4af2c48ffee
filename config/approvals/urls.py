"""Addresses of the requests that take another person."""

from django.urls import path

from config.approvals import glass_views, views

urlpatterns = [
    path("requests/", views.listing, name="requests"),
    path("requests/<int:pk>/", views.one, name="request"),
    path("requests/<int:pk>/break-glass/", glass_views.break_glass, name="request-break-glass"),
    path("break-glass/", glass_views.listing, name="break-glass"),
    path("break-glass/<int:pk>/", glass_views.one, name="break-glass-one"),
]
