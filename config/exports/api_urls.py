"""Routes of exports under /api/."""

from django.urls import path

from config.exports import api

urlpatterns = [
    path("exports/", api.ExportList.as_view(), name="api-exports"),
    path("exports/<int:number>/", api.OneExport.as_view(), name="api-export"),
    path("exports/<int:number>/file/", api.ExportFile.as_view(), name="api-export-file"),
    path("exports/<int:number>/cancel/", api.CancelExport.as_view(), name="api-export-cancel"),
]
