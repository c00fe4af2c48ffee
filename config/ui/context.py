"""What the frame of every page needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from config.ui import banners, nav


def frame(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Gives the template `nav` and `banners` as callables: a fragment that shows neither costs no query."""
    return {"nav": partial(nav.sections, request), "banners": partial(banners.shown, request)}
