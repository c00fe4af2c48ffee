from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "config.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from config.accounts import grants  # once the models are loaded
        from config.approvals import requests
        from config.ui import nav

        nav.register(nav.Item("People", "people", "people", "people.see", 920, "System"))
        requests.register(grants.ACT)
