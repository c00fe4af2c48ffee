from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "config.audit"
    label = "audit"
    verbose_name = "Commands"

    def ready(self) -> None:
        from config.ui import nav

        nav.register(nav.Item(_("Audit log"), "commands", "audit", "commands.see", 910, _("System")))
