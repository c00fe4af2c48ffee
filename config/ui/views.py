"""The page that shows every part in every state, for people who build pages. Trial only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from config.ui import specimens


def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state with made-up figures; 404 outside the trial."""
    if settings.MODE != "trial":
        raise Http404
    return render(request, "ui/components.html", specimens.everything())
