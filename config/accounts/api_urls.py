"""Routes of signing in under /api/."""

from django.urls import path

from config.accounts import api, delegation_api, people_api

urlpatterns = [
    path("auth/token/", api.Token.as_view(), name="api-token"),
    path("auth/logout/", api.Logout.as_view(), name="api-logout"),
    path("tokens/", api.OwnTokens.as_view(), name="api-tokens"),
    path("tokens/<str:mark>/", api.OwnToken.as_view(), name="api-token-own"),
    path("delegations/", delegation_api.Delegations.as_view(), name="api-delegations"),
    path("delegations/<int:pk>/end/", delegation_api.EndDelegation.as_view(), name="api-delegation-end"),
    path("people/", people_api.People.as_view(), name="api-people"),
    path("people/<str:username>/", people_api.Person.as_view(), name="api-person"),
    path("people/<str:username>/access/", people_api.PersonAccess.as_view(), name="api-person-access"),
    path("people/<str:username>/disable/", people_api.PersonDisable.as_view(), name="api-person-disable"),
    path("people/<str:username>/enable/", people_api.PersonEnable.as_view(), name="api-person-enable"),
]
