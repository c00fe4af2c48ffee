"""The nightly run: verify; anchor when all is well; else tell those above and freeze the lots that differ."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused
from config.jobs import outbox
from config.jobs.progress import QUIET, Steps
from config.jobs.schedule import Counts
from inventory.ledger import finding
from inventory.ledger.refusals import LotNotFound
from inventory.models import Freeze, Lot
from inventory.verification import anchors
from inventory.verification.checks import differences
from inventory.verification.difference import Difference, Tally, snapshot

DIFFERS = "inventory.ledger_differs"  # the topic: {"count", "differences": the first sentences, "lots": numbers frozen}
HOLDS = "inventory.ledger_holds"  # the topic: a verification found no difference
NAMED = 100
REASON = 1000  # characters
_KEYS = UUID("8d5b0f0e-5b52-5d0f-9b0b-6f3c6a0a7d11")


class NotFrozen(Refused):
    code = "not_frozen"
    template = _("Lot {lot} is not frozen.")
    field = "lot"


class StillDiffers(Refused):
    code = "still_differs"
    template = _("Lot {lot} still differs: {why}")
    field = "lot"


def nightly(*, now: datetime, steps: Steps = QUIET) -> Counts:
    """Verify everything; anchor it when it holds, else freeze the lots that differ.

    Leaves `inventory.ledger_holds` or `inventory.ledger_differs` for those above. Counts the rows looked at, and the differences.
    Tells `steps` at which check it is; cancelled, it leaves nothing.
    """
    anchors.settle()
    tally = Tally()
    with snapshot():
        found = list(differences(tally=tally, steps=steps))
        if not found:
            anchors.make(now=now)
            outbox.emit(HOLDS, {"differences": []}, now=now)
    if found:
        _announce(found, now)
    return Counts(tally.total, len(found))


def make_anchor(*, now: datetime) -> int | None:
    """Anchor what was recorded since the last anchor; its number, or None when nothing was."""
    anchors.settle()
    with snapshot():
        made = anchors.make(now=now)
    return made.seq if made else None


def _announce(found: Sequence[Difference], now: datetime) -> None:
    lots = sorted({difference.lot_id for difference in found if difference.lot_id})
    request = {"count": len(found), "differences": [str(difference) for difference in found[:NAMED]], "lots": lots}
    by = By(actor=User.objects.system(), key=uuid5(_KEYS, f"{now.isoformat()}:{request}"), now=now)
    why = {lot: "; ".join(str(one) for one in found if one.lot_id == lot)[:REASON] for lot in lots[:NAMED]}
    run(by, kind="inventory.freeze", request=request, act=lambda opened: _freeze(opened, lots, why, request))


def _freeze(opened: Opened, lots: Sequence[int], why: Mapping[int, str], request: Answer) -> Answer:
    rows = list(Lot.objects.select_for_update(no_key=True).filter(pk__in=lots).order_by("pk"))
    fresh = [row.pk for row in rows if row.frozen_at is None]
    hold(opened, fresh, frozen=True, why=why)
    payload = {**request, "lots": [row.number for row in rows]}
    outbox.emit(DIFFERS, payload, now=opened.now, command_id=opened.command_id)
    return {"frozen": len(fresh)}


def thaw(*, by: By, lot: str, reason: str) -> Answer:
    """Let entries be made on a frozen lot again, once it holds together. Answers {"lot"}.

    Refuses LotNotFound, NotFrozen, StillDiffers, BadText without a reason, NotAllowed.
    """
    request = {"lot": lot, "reason": reason}
    return run(by, kind="inventory.thaw", request=request, act=lambda opened: _thaw(opened, lot, reason))


def _thaw(opened: Opened, number: str, reason: str) -> Answer:
    require(opened.actor, "lots.thaw")
    words = edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True)
    row = Lot.objects.select_for_update(no_key=True).filter(number_key=finding.number_key(number)).first()
    if row is None:
        raise LotNotFound(lot=number)
    if row.frozen_at is None:
        raise NotFrozen(lot=row.number)
    last = Freeze.objects.filter(lot=row).order_by("-pk").first()
    if not (last and last.frozen):  # a mark that no freeze made is no difference that stays: it goes with this
        Lot.objects.filter(pk=row.pk).update(frozen_at=None)
    for difference in differences(tally=Tally()):
        if difference.lot_id == row.pk:
            raise StillDiffers(lot=row.number, why=str(difference))
    hold(opened, [row.pk], frozen=False, why={row.pk: words})
    return {"lot": row.number}


def hold(opened: Opened, lots: Sequence[int], *, frozen: bool, why: Mapping[int, str]) -> None:
    """Freeze lots, or let them go: the facts, and their word on the lots.

    `last_seq` is counted on, not set to the end of the chain: where the two differed, they still do.
    """
    at = {"occurred_at": opened.now, "recorded_at": opened.now, "command_id": opened.command_id}
    for lot in lots:
        Freeze.objects.create(lot_id=lot, frozen=frozen, reason=why.get(lot, ""), actor=opened.actor, **at)
    moment = opened.now if frozen else None
    Lot.objects.filter(pk__in=lots).update(frozen_at=moment, last_seq=F("last_seq") + 1)
