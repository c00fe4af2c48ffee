"""How a person likes to see things, and the page of parts (404 outside the trial)."""

from django.urls import path

from config.ui import views

urlpatterns = [
    path("preferences/", views.choose_preferences, name="preferences"),
    path("tables/<slug:name>/columns/", views.choose_columns, name="table-columns"),
    path("tables/<slug:name>/views/", views.save_view, name="table-views"),
    path("tables/<slug:name>/views/<slug:id>/", views.change_view, name="table-view"),
    path("tables/<slug:name>/views/<slug:id>/remove/", views.remove_view, name="table-view-remove"),
    path("ui/", views.components, name="ui-components"),
]
