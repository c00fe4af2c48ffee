"""Address of the audit log."""

from django.urls import path

from config.audit import views

urlpatterns = [path("audit/", views.commands, name="commands")]
