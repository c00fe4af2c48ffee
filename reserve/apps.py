from django.apps import AppConfig


class ReserveConfig(AppConfig):
    name = "reserve"
    verbose_name = "Reserve"

    def ready(self) -> None:
        from reserve import wiring  # what the app registers with the platform, once the models are loaded

        wiring.connect()
