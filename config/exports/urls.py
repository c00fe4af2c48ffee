"""Addresses of exports."""

from django.urls import path

from config.exports import views

urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/of/<slug:name>/", views.export_new, name="export-new"),
    path("exports/<int:number>/", views.export, name="export"),
    path("exports/<int:number>/file/", views.export_file, name="export-file"),
]
