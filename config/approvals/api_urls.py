"""Routes of requests under /api/."""

from django.urls import path

from config.approvals import api, glass_api

urlpatterns = [
    path("requests/", api.Requests.as_view(), name="api-requests"),
    path("requests/<int:pk>/", api.OneRequest.as_view(), name="api-request"),
    path("requests/<int:pk>/approve/", api.Approve.as_view(), name="api-request-approve"),
    path("requests/<int:pk>/refuse/", api.Refuse.as_view(), name="api-request-refuse"),
    path("requests/<int:pk>/withdraw/", api.Withdraw.as_view(), name="api-request-withdraw"),
    path("requests/<int:pk>/break-glass/", glass_api.BreakGlass.as_view(), name="api-request-break-glass"),
    path("break-glass/", glass_api.Reviews.as_view(), name="api-break-glass"),
    path("break-glass/<int:pk>/", glass_api.OneReview.as_view(), name="api-break-glass-one"),
    path("break-glass/<int:pk>/review/", glass_api.Review.as_view(), name="api-break-glass-review"),
]
