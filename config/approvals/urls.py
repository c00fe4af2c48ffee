"""Addresses of the requests that take another person."""

from django.urls import path

from config.approvals import views

urlpatterns = [
    path("requests/", views.listing, name="requests"),
    path("requests/<int:pk>/", views.one, name="request"),
]
