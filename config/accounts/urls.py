"""Addresses of signing in and out, one's password, and the people."""

from django.urls import path

from config.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("change-password/", views.change_password, name="change-password"),
    path("people/", views.listing, name="people"),
]
