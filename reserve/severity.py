"""How severe a shortfall is. One rule: here for pages and API, in SQL in `reserve.flags.scan`; a test holds them together."""

from django.utils.translation import gettext_lazy as _

WORST_FIRST = ("critical", "major", "minor")
NAMES = {"critical": _("Critical"), "major": _("Major"), "minor": _("Minor")}
# How a flag stands, in words.
STATES = {"open": _("open"), "acknowledged": _("acknowledged"), "waived": _("waived"), "closed": _("closed")}
LEVELS = {"": "ok", "minor": "warn", "major": "bad", "critical": "bad"}


def of(*, eligible_mg: int, required_mg: int, floor_mg: int | None) -> str:
    """'' when met; critical below the floor (or half of required where there is none), major below 80 %, else minor."""
    if eligible_mg >= required_mg:
        return ""
    if eligible_mg < (floor_mg if floor_mg is not None else required_mg // 2):
        return "critical"
    return "major" if eligible_mg * 1000 // required_mg < 800 else "minor"


def level(severity: str, *, waived: bool = False) -> str:
    """How a severity is coloured: ok, warn or bad; muted while a waiver holds."""
    return "muted" if waived else LEVELS[severity]
