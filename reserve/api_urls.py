"""Routes of the reserve under /api/."""

from django.urls import path

from reserve.api import flags, rotation, shortfalls, targets

urlpatterns = [
    path("shortfalls/", shortfalls.Shortfalls.as_view(), name="api-shortfalls"),
    path("targets/", targets.Targets.as_view(), name="api-targets"),
    path("targets/<int:pk>/", targets.OneTarget.as_view(), name="api-target"),
    path("flags/", flags.Flags.as_view(), name="api-flags"),
    path("flags/<int:pk>/", flags.OneFlag.as_view(), name="api-flag"),
    path("flags/<int:pk>/acknowledge/", flags.Acknowledge.as_view(), name="api-flag-acknowledge"),
    path("flags/<int:pk>/assign/", flags.Assign.as_view(), name="api-flag-assign"),
    path("flags/<int:pk>/waive/", flags.Waive.as_view(), name="api-flag-waive"),
    path("rotations/", rotation.Rotations.as_view(), name="api-rotations"),
    path("rotations/<int:pk>/", rotation.OneRotation.as_view(), name="api-rotation"),
    path("rotations/<int:pk>/start/", rotation.RotationStart.as_view(), name="api-rotation-start"),
    path("rotations/<int:pk>/retest/", rotation.RotationRetest.as_view(), name="api-rotation-retest"),
    path("rotation-policies/", rotation.RotationPolicies.as_view(), name="api-rotation-policies"),
    path("rotation-policies/<int:pk>/end/", rotation.RotationPolicyEnd.as_view(), name="api-rotation-policy-end"),
]
