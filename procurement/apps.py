from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = "Procurement"

    def ready(self) -> None:
        from procurement import wiring  # what the app registers with the platform, once the models are loaded

        wiring.connect()
