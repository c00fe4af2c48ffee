"""The ui platform app: the frame of every page and the parts pages are made of. It has no models."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    name = "config.ui"
    label = "ui"
    verbose_name = "User interface"

    def ready(self) -> None:
        autodiscover_modules("tables")  # every app's lists are known by name, whatever else is loaded
