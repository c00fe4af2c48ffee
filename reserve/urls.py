"""The reserve's pages."""

from django.urls import path

from reserve.views import changes, desk, elements, flags, position, rotation, search, targets

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/read/", changes.read, name="desk-read"),
    path("changes/", changes.listing, name="changes"),
    path("search/", search.find, name="search"),
    path("position/", position.position, name="position"),
    path("position/<int:pk>/", position.row, name="position-row"),
    path("elements/", elements.listing, name="elements"),
    path("elements/<str:symbol>/", elements.element, name="element"),
    path("targets/", targets.listing, name="targets"),
    path("targets/new/", targets.propose, name="target-new"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("flags/", flags.listing, name="flags"),
    path("flags/<int:pk>/", flags.flag, name="flag"),
    path("flags/<int:pk>/acknowledge/", flags.act, {"name": "acknowledge"}, name="flag-acknowledge"),
    path("flags/<int:pk>/assign/", flags.act, {"name": "assign"}, name="flag-assign"),
    path("flags/<int:pk>/waive/", flags.act, {"name": "waive"}, name="flag-waive"),
    path("rotation/", rotation.schedule, name="rotation"),
    path("rotation/policies/", rotation.policy_list, name="rotation-policies"),
    path("rotation/policies/<int:pk>/end/", rotation.policy_end, name="rotation-policy-end"),
    path("rotation/<int:pk>/", rotation.row, name="rotation-row"),
    path("rotation/<int:pk>/start/", rotation.start, name="rotation-start"),
    path("rotation/<int:pk>/retest/", rotation.retest, name="rotation-retest"),
]
