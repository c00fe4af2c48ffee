"""The ui platform app: the frame of every page and the parts pages are made of. It has no models."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "config.ui"
    label = "ui"
    verbose_name = "User interface"
