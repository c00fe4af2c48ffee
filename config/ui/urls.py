"""The page of parts; the view itself answers 404 outside the trial."""

from django.urls import path

from config.ui import views

urlpatterns = [path("ui/", views.components, name="ui-components")]
