"""How a person may already have a hand in a thing, and what they are told when that keeps them from an act on it."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused


class Tie(StrEnum):
    """A hand that a person has in a thing already."""

    ASKED = "asked"
    ABOUT = "about"
    DECIDED = "decided"
    STOOD_FOR = "stood for"
    BROKE_GLASS = "broke glass"
    RECEIVED = "received"
    WROTE = "wrote"
    EDITED = "edited"


# Who has which hand in one thing: ids of people, None for nobody.
Hands = Mapping[Tie, Collection[int | None]]

TIE_NAMES = {
    Tie.ASKED: _("who asked for it"),
    Tie.ABOUT: _("whom it is about"),
    Tie.DECIDED: _("who has decided on it already"),
    Tie.STOOD_FOR: _("in whose place it was decided on already"),
    Tie.BROKE_GLASS: _("who did it under break-glass"),
    Tie.RECEIVED: _("who received the lot"),
    Tie.WROTE: _("who wrote it"),
    Tie.EDITED: _("who last edited it"),
}


class Tied(Refused):
    """The role would do, but not this person: their hand is in the thing already. `roles` are who may do it instead."""

    status = 403

    def __init__(self, *, act: str, roles: Any) -> None:
        super().__init__(act=act, roles=roles)


class OwnRequest(Tied):
    code = "own_request"
    template = _("You asked for this yourself. Another person has to decide on it ({roles}).")


class AboutYourself(Tied):
    code = "about_yourself"
    template = _("This is about yourself. Another person has to decide on it ({roles}).")


class AlreadyDecided(Tied):
    code = "already_decided"
    status = 409
    template = _("You have already decided on this request. It needs another person ({roles}).")


class StoodFor(Tied):
    code = "stood_for"
    status = 409
    template = _(
        "Somebody who borrows your approvals has decided on this: you count as one. It needs another ({roles})."
    )


class LenderTied(Tied):
    code = "lender_tied"
    template = _(
        "Who lent you this has a hand in it, and you two count as one. Another person has to decide ({roles})."
    )


class TookPart(Tied):
    code = "took_part"
    template = _("You took part in this. Somebody who did not has to review it ({roles}).")


class NotYours(Tied):
    code = "not_yours"
    template = _("Only the person who asked can withdraw a request.")


class NotForYourself(Tied):
    code = "not_for_yourself"
    template = _("Nobody gives rights to themselves. Ask another administrator to propose it, and a third to agree.")


class NotYourself(Tied):
    code = "not_yourself"
    status = 409
    template = _("Your own password you change yourself, on the page Change password.")


class OwnReceipt(Tied):
    code = "own_receipt"
    template = _("You received this lot. Another person has to set its condition ({roles}).")


class OwnOrder(Tied):
    code = "own_order"
    template = _("You wrote or last edited this order. Another person has to approve it ({roles}).")
