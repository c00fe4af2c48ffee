"""How orders are written for people: money, states and acts."""

from decimal import ROUND_HALF_EVEN, Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.ui.templatetags.ui import badge
from procurement.transitions import Act, State

register = template.Library()
WHOLE = frozenset({"JPY", "KRW"})
LEVELS = {
    State.DRAFT: "muted",
    State.SUBMITTED: "warn",
    State.APPROVED: "warn",
    State.PLACED: "ok",
    State.PART_RECEIVED: "ok",
    State.RECEIVED: "ok",
    State.CANCELLED: "muted",
}
SAID = {
    "draft": "Drafted",
    Act.EDIT: "Edited",
    Act.SUBMIT: "Submitted for approval",
    Act.SEND_BACK: "Sent back",
    Act.APPROVE: "Approved",
    Act.PLACE: "Placed with the supplier",
    Act.CANCEL: "Cancelled what was not delivered",
    "receive": "Received",
    "reverse": "Receipt reversed",
    "late": "Late",
}


@register.filter
def money(value: Decimal | None, currency: str = "", bare: bool = False) -> SafeString | str:
    """A value to the cent, half-even, with its currency unless `bare`; the exact one stands in the title. None shows –."""
    if value is None:
        return "–"
    shown = value.quantize(Decimal(1) if currency in WHOLE else Decimal("0.01"), ROUND_HALF_EVEN)
    text = f"{shown:,}" if bare else f"{shown:,} {currency}".strip()
    return text if shown == value else format_html('<span title="{}">{}</span>', f"{value:f} {currency}".strip(), text)


@register.filter
def plain(value: Decimal | None) -> str:
    """A decimal without trailing zeros: a price, a tolerance."""
    return "–" if value is None else f"{value.normalize():,f}"


@register.simple_tag
def order_state(state: str, late: bool = False) -> SafeString:
    """The state of an order as text and colour, and that it is late."""
    shown = badge(LEVELS[State(state)], State(state).label)
    return format_html("{} {}", shown, badge("bad", "Late")) if late else shown


def state_words(state: str, late: bool = False) -> str:
    """The state of an order in words, for files."""
    label = str(State(state).label)
    return gettext("{state}, late").format(state=label) if late else label


@register.filter
def said(what: str) -> str:
    """What happened, as the timeline says it."""
    return SAID.get(what, what)
