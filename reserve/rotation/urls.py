"""Addresses of the rotation pages, for reserve.urls."""

from django.urls import path

from reserve.views import rotation

rotation_urlpatterns = [
    path("rotation/", rotation.schedule, name="rotation"),
    path("rotation/policies/", rotation.policy_list, name="rotation-policies"),
    path("rotation/policies/<int:pk>/end/", rotation.policy_end, name="rotation-policy-end"),
    path("rotation/<int:pk>/", rotation.row, name="rotation-row"),
    path("rotation/<int:pk>/start/", rotation.start, name="rotation-start"),
    path("rotation/<int:pk>/retest/", rotation.retest, name="rotation-retest"),
]
