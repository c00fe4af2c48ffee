"""One lot as it was at a moment, or as it was believed to be: its facts up to there, replayed as the ledger replays them.

The same facts and the same arithmetic make the position entries, so what stands here is what positions sum to.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.audit.models import Command
from inventory.ledger import entries, finding
from inventory.ledger.state import Held, LotState, PlaceAt, apply
from inventory.lots.detail import AssayRow, Contained, assay_row, contained
from inventory.lots.places import Lying, Where
from inventory.models import ACCEPTED, Assay, Balance, ConditionChange, Freeze, Location, Lot, Place, Retest, Verdict
from inventory.names import spoken, told


@dataclass(frozen=True, kw_only=True)
class LotThen(Lying):
    """A lot at the moment before `until`, by what was recorded before `known_until` (None: by all that is known now).

    `here` is False where it had not been received yet, or nobody knew of it. Masses in mg over the places in `where`.
    """

    number: str
    material: str
    material_name: str
    unit: str
    supplier_lot: str
    received_at: datetime
    here: bool
    condition: str
    verdict: str
    verdict_name: str
    reason: str
    retest_due_on: date | None
    expires_on: date | None
    frozen_at: datetime | None
    until: datetime
    known_until: datetime | None
    where: tuple[Where, ...]
    contained: tuple[Contained, ...]
    assay: AssayRow | None

    @property
    def on(self) -> date:
        return (self.until - timedelta(microseconds=1)).astimezone(UTC).date()

    @property
    def eligible_until(self) -> date | None:
        return min((day for day in (self.retest_due_on, self.expires_on) if day), default=None)

    @property
    def obstacles(self) -> list[str]:
        """Why the lot did not count as eligible, in words; empty where its free mass in stores did."""
        stored = [at for at in self.where if at.place == Place.STORE]
        due = self.eligible_until
        said = (
            (not self.where, _("nothing of it lay where you may see")),
            (bool(self.where) and not stored, _("it lay in no store")),
            (bool(stored) and not any(at.free_mg for at in stored), _("all of it was allocated")),
            (self.condition not in ACCEPTED, _("condition {code} does not count").format(code=self.condition)),
            (due is not None and due < self.on, _("its retest or expiry day had passed")),
        )
        return [words for holds, words in said if holds]

    @property
    def eligible_mg(self) -> int:
        """Net mass that was in a store, accepted, in date and free; whatever its sourcing."""
        return 0 if self.obstacles else sum(at.free_mg for at in self.where if at.place == Place.STORE)


def end_of(at: date | datetime) -> datetime:
    """The first moment that no longer counts: a day counts whole, a moment counts itself."""
    if isinstance(at, datetime):
        return at + timedelta(microseconds=1)
    return datetime.combine(at + timedelta(days=1), time(), tzinfo=UTC)


def then(*, user: User, number: str, as_of: date | datetime, as_known_on: date | datetime | None = None) -> LotThen:
    """The lot as it was at the end of a day, or at a moment, and as was known then; 15 queries.

    What is shown follows the rights of today: places that the person may see now. Raises LotNotFound.
    """
    lot = finding.lot(user, number)
    until, known = end_of(as_of), end_of(as_known_on) if as_known_on else None
    seen = Q(occurred_at__lt=until) & (Q(recorded_at__lt=known) if known else Q())
    state = LotState(lot.material_id)
    held = Balance.objects.filter(lot=lot).select_related("location__site", "location__bound_for")
    locations = {balance.location_id: balance.location for balance in held}
    mine = set(Balance.objects.visible_to(user).filter(lot=lot).values_list("location_id", flat=True))
    places = {pk: PlaceAt(location.site_id, location.kind) for pk, location in locations.items()}
    for _at, event in entries.history(lot.pk, seen=seen):
        apply(state, event, places)
    where = tuple(_where(locations[pk], lying) for pk, lying in state.held.items() if pk in mine and lying.net_mg)
    assay = Assay.objects.filter(seen, lot=lot).order_by("occurred_at", "pk").last()
    judged = ConditionChange.objects.filter(seen, lot=lot).order_by("occurred_at", "pk").last()
    return LotThen(
        number=lot.number,
        material=lot.material.code,
        material_name=lot.material.name,
        unit=lot.material.unit,
        supplier_lot=lot.supplier_lot,
        received_at=lot.received_at,
        here=lot.received_at < until and (known is None or _recorded(lot) < known),
        condition=state.condition,
        verdict=state.verdict,
        verdict_name=str(Verdict(state.verdict).label),
        reason=told(judged.reason) if judged else "",
        retest_due_on=_due(lot, seen),
        expires_on=lot.expires_on,
        frozen_at=_frozen(lot, seen),
        until=until,
        known_until=known,
        where=tuple(sorted(where, key=_code)),
        contained=contained(assay, where),
        assay=assay_row(assay),
    )


def _code(at: Where) -> str:
    return at.location


def _where(at: Location, lying: Held) -> Where:
    bound_for = at.bound_for.code if at.bound_for else ""
    return Where(
        at.code, spoken(at.name), at.site.code, at.site.name, at.kind, bound_for, lying.net_mg, lying.allocated_mg
    )


def _recorded(lot: Lot) -> datetime:
    return Command.objects.values_list("recorded_at", flat=True).get(pk=lot.command_id)


def _frozen(lot: Lot, seen: Q) -> datetime | None:
    """Since when it was frozen then, None where it was not."""
    last = Freeze.objects.filter(seen, lot=lot).order_by("occurred_at", "pk").last()
    return last.occurred_at if last and last.frozen else None


def _due(lot: Lot, seen: Q) -> date | None:
    """The retest day in force: by the last retest until then, else as it stood before the first."""
    rows = Retest.objects.filter(lot=lot).order_by("occurred_at", "pk")
    last, first = rows.filter(seen).last(), rows.first()
    if last:
        return last.next_due_on
    return first.previous_due_on if first else lot.retest_due_on
