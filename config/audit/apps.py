from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "config.audit"
    label = "audit"
    verbose_name = "Commands"

    def ready(self) -> None:
        from config.ui import nav

        nav.register(nav.Item("Audit log", "commands", "audit", "commands.see", 910, "System"))
