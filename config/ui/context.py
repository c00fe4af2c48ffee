"""What the frame of every page needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from config.accounts import matrix, preferences
from config.ui import banners, figures, nav


def frame(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Gives the template `nav` and `banners` as callables: a fragment that shows neither costs no query.

    `finds` says what the search box finds for this person; `languages` and `mass_units` are what they can choose from,
    and which of them holds now. `gloves` asks for large targets: who works in a warehouse wears them on every page.
    """
    return {
        "nav": partial(nav.sections, request),
        "banners": partial(banners.shown, request),
        "finds": partial(_finds, request),
        "gloves": partial(_gloves, request),
        "languages": _languages,
        "mass_units": _mass_units,
    }


def _finds(request: HttpRequest) -> str:
    if matrix.permits(request.user, "suppliers.see"):
        return _("Find a lot, order, supplier")
    if matrix.permits(request.user, "lots.see"):
        return _("Find a lot, order, place")
    return _("Find a person, site, material")


def _gloves(request: HttpRequest) -> bool:
    return matrix.Role.WAREHOUSE in getattr(request.user, "roles", ())


def _languages() -> list[tuple[str, str, bool]]:
    now = translation.get_language()
    return [(code, name, code == now) for code, name in settings.LANGUAGES]


def _mass_units() -> list[tuple[str, bool]]:
    now = figures.preferred_unit()
    return [(unit, unit == now) for unit in preferences.MASS_UNITS]
