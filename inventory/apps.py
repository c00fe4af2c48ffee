from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from inventory import reference, wiring  # once the models are loaded

        post_migrate.connect(reference.load, sender=self)
        wiring.connect()
