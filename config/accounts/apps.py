from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "config.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from config.accounts import grants  # once the models are loaded
        from config.approvals import requests
        from config.ui import nav

        nav.register(nav.Item(_("People"), "people", "people", "people.see", 920, _("System")))
        requests.register(grants.ACT)
