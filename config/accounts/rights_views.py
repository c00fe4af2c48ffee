"""What one's roles may do, in words; for administrators and auditors what every role may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.accounts import matrix, rights
from config.accounts.matrix import Role
from config.ui.pages import signed_in


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The role table with the person's own columns, or whole. Nothing in it is secret to whom it is about."""
    user = signed_in(request)
    whole = matrix.permits(user, "rights.see")
    roles = [role for role in Role if whole or role in user.roles]
    context = {
        "whole": whole,
        "heads": rights.heads(roles),
        "groups": rights.table(roles),
        "columns": len(roles) + 3,
        "sites": user.site_codes,
    }
    return render(request, "accounts/rights.html", context)
