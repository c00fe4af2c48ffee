from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "config.approvals"
    label = "approvals"
    verbose_name = "Requests"

    def ready(self) -> None:
        from config.approvals import glass_views
        from config.ui import nav, panels

        for role in ("manager", "auditor", "administrator"):
            panels.register(f"desk:{role}", glass_views.to_review, order=5)
        nav.register(nav.Item(_("Requests"), "requests", "request", "requests.see", 50, count=_waiting))


def _waiting(request: HttpRequest) -> int:
    """How many wait for this person, as far as the menu counts."""
    from config.accounts.models import User  # once the models are loaded
    from config.approvals import reads
    from config.ui import nav

    return reads.waiting_for(user=request.user, most=nav.MOST + 1) if isinstance(request.user, User) else 0
