"""Routes of requests under /api/."""

from django.urls import path

from config.approvals import api

urlpatterns = [
    path("requests/", api.Requests.as_view(), name="api-requests"),
    path("requests/<int:pk>/", api.OneRequest.as_view(), name="api-request"),
    path("requests/<int:pk>/approve/", api.Approve.as_view(), name="api-request-approve"),
    path("requests/<int:pk>/refuse/", api.Refuse.as_view(), name="api-request-refuse"),
    path("requests/<int:pk>/withdraw/", api.Withdraw.as_view(), name="api-request-withdraw"),
]
