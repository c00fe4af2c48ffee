"""Routes of the rotation under /api/, for reserve.api_urls."""

from django.urls import path

from reserve.api import rotation

rotation_urlpatterns = [
    path("rotations/", rotation.Rotations.as_view(), name="api-rotations"),
    path("rotations/<int:pk>/", rotation.OneRotation.as_view(), name="api-rotation"),
    path("rotations/<int:pk>/start/", rotation.RotationStart.as_view(), name="api-rotation-start"),
    path("rotations/<int:pk>/retest/", rotation.RotationRetest.as_view(), name="api-rotation-retest"),
    path("rotation-policies/", rotation.RotationPolicies.as_view(), name="api-rotation-policies"),
    path("rotation-policies/<int:pk>/end/", rotation.RotationPolicyEnd.as_view(), name="api-rotation-policy-end"),
]
