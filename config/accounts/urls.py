"""Addresses of signing in and out, one's password, and the people."""

from django.urls import path

from config.accounts import (
    account_views,
    delegation_views,
    entry_views,
    factor_views,
    password_views,
    people_views,
    rights_views,
    views,
)

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", entry_views.second_step, name="sign-in-code"),
    path("sign-in/passkey/", entry_views.by_passkey, name="sign-in-passkey"),
    path("sign-in/organisation/", entry_views.to_sso, name="sign-in-sso"),
    path("sign-in/organisation/back/", entry_views.from_sso, name="sign-in-sso-back"),
    path("confirm-password/", entry_views.confirm, name="confirm-password"),
    path("second-factor/", factor_views.overview, name="second-factor"),
    path("second-factor/app/", factor_views.app, name="second-factor-app"),
    path("second-factor/passkey/", factor_views.passkey, name="second-factor-passkey"),
    path("second-factor/codes/", factor_views.recovery_codes, name="second-factor-codes"),
    path("second-factor/<int:pk>/remove/", factor_views.remove, name="second-factor-remove"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", account_views.account, name="account"),
    path("account/end-session/", account_views.end_session, name="account-end-session"),
    path("account/tokens/new/", account_views.token_new, name="account-token-new"),
    path("account/end-token/", account_views.end_token, name="account-end-token"),
    path("account/end-tokens/", account_views.end_tokens, name="account-end-tokens"),
    path("account/end-everywhere/", account_views.end_everywhere, name="account-end-everywhere"),
    path("rights/", rights_views.table, name="rights"),
    path("change-password/", views.change_password, name="change-password"),
    path("delegations/", delegation_views.listing, name="delegations"),
    path("delegations/new/", delegation_views.lend, name="delegation-new"),
    path("delegations/<int:pk>/end/", delegation_views.end, name="delegation-end"),
    path("people/", people_views.listing, name="people"),
    path("people/new/", people_views.person_new, name="person-new"),
    path("people/<str:username>/", people_views.person, name="person"),
    path("people/<str:username>/edit/", people_views.person_edit, name="person-edit"),
    path("people/<str:username>/access/", people_views.person_access, name="person-access"),
    path("people/<str:username>/shut-out/", people_views.person_disable, name="person-disable"),
    path("people/<str:username>/password/", password_views.person_password, name="person-password"),
    path("people/<str:username>/let-in/", people_views.person_enable, name="person-enable"),
]
