"""How a person likes to see things, and the page of parts (404 outside the trial)."""

from django.urls import path

from config.ui import views

urlpatterns = [
    path("preferences/", views.choose_preferences, name="preferences"),
    path("tables/<slug:name>/columns/", views.choose_columns, name="table-columns"),
    path("ui/", views.components, name="ui-components"),
]
