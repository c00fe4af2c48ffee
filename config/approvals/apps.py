from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "config.approvals"
    label = "approvals"
    verbose_name = "Requests"
