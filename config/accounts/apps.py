from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "config.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from config.accounts import delegation_views, grants, password_views, resets  # once the models are loaded
        from config.accounts.matrix import Role
        from config.approvals import requests
        from config.ui import nav, panels

        nav.register(nav.Item(_("People"), "people", "people", "people.see", 920, _("System")))
        requests.register(grants.ACT)
        requests.register(resets.ACT)
        panels.register("request", password_views.half_of)
        for role in Role:
            panels.register(f"desk:{role}", delegation_views.lent_to_me, order=10)
