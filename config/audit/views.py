"""The audit log, for managers and auditors."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.audit.tables import COMMANDS
from config.ui import lists


@require_safe
def commands(request: HttpRequest) -> HttpResponse:
    """Every attempt to write, the latest first."""
    return lists.answer(request, COMMANDS, "audit/commands.html", {}, now=timezone.now())
