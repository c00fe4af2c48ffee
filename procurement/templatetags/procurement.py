"""How orders are written for people: money, states and acts."""

from decimal import ROUND_HALF_EVEN, Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from config.ui import recorded
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
NOTES = (gettext_noop("Promised for {day}"),)
SAID = {
    "draft": _("Drafted"),
    Act.EDIT: _("Edited"),
    Act.SUBMIT: _("Submitted for approval"),
    Act.SEND_BACK: _("Sent back"),
    Act.APPROVE: _("Approved"),
    Act.PLACE: _("Placed with the supplier"),
    Act.CANCEL: _("Cancelled what was not delivered"),
    "receive": _("Received"),
    "reverse": _("Receipt reversed"),
    "late": _("Late"),
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
    return format_html("{} {}", shown, badge("bad", gettext("Late"))) if late else shown


def state_words(state: str, late: bool = False) -> str:
    """The state of an order in words, for files."""
    label = str(State(state).label)
    return gettext("{state}, late").format(state=label) if late else label


@register.filter
def told(note: str) -> str:
    """A note of the timeline, in the language that is spoken where the system wrote it."""
    return recorded.told(note, NOTES)


@register.filter
def said(what: str) -> str:
    """What happened, as the timeline says it."""
    return str(SAID.get(what, what))
