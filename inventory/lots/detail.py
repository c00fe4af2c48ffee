"""One lot: its facts, where it lies, what it contains and by whose word, where it came from and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from config.accounts.models import User
from config.accounts.ties import Hands, Tie
from inventory.ledger import finding
from inventory.ledger.refusals import LotNotFound
from inventory.ledger.state import contained_mg
from inventory.lots import places
from inventory.lots.places import Lying, Where
from inventory.models import ACCEPTED, Assay, ConditionChange, Element, Lot, LotParent, Place
from inventory.names import spoken
from inventory.reference import FURTHER_ELEMENTS


@dataclass(frozen=True)
class Contained:
    """One element in the lot: its fraction of dry mass, and its mass over the places that the person may see."""

    symbol: str
    name: str
    fraction: Decimal
    contained_mg: int

    @property
    def percent(self) -> Decimal:
        return (self.fraction * 100).normalize()


@dataclass(frozen=True)
class AssayRow:
    """An assay: whose word it is, and since when it is in force. `moisture` is a fraction of wet mass."""

    source: str
    lab: str
    method: str
    sampled_on: date | None
    moisture: Decimal
    occurred_at: datetime

    @property
    def moisture_percent(self) -> Decimal:
        return (self.moisture * 100).normalize()


@dataclass(frozen=True)
class Kin:
    """A lot that this one came out of or became, and the mass that went over, in mg."""

    number: str
    net_mg: int


@dataclass(frozen=True)
class ConditionRow:
    condition: str
    verdict: str
    reason: str
    who: str
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class LotDetail(Lying):
    """One lot as this person may see it; masses in mg over the places in `where`. `last_seq` tells a stale form."""

    id: int
    number: str
    material_id: int
    material: str
    material_name: str
    formula: str
    grade: str
    form: str
    form_name: str
    stage: str
    unit: str
    shelf_life_type: str
    retest_months: int | None
    hazard_class: str
    moisture_bearing: bool
    supplier_lot: str
    received_at: datetime
    received_by: str
    received_by_id: int
    condition: str
    verdict: str
    verdict_name: str
    retest_due_on: date | None
    expires_on: date | None
    eligible_until: date | None
    frozen_at: datetime | None
    last_seq: int
    where: tuple[Where, ...]
    contained: tuple[Contained, ...]
    assay: AssayRow | None
    parents: tuple[Kin, ...]
    children: tuple[Kin, ...]
    conditions: tuple[ConditionRow, ...]

    @property
    def unstowed(self) -> list[str]:
        """The quarantine places where some of it still lies although it is accepted: there it does not count."""
        return [at.location for at in self.where if at.place == Place.QUARANTINE] if self.accepted else []

    @property
    def accepted(self) -> bool:
        return self.condition in ACCEPTED

    @property
    def hands(self) -> Hands:
        """Who has a hand in the lot."""
        return {Tie.RECEIVED: [self.received_by_id]}


def one(*, user: User, number: str) -> LotDetail:
    """The lot of this number, without case and width; six queries. Raises LotNotFound, also for a foreign lot."""
    known = Lot.objects.visible_to(user).select_related("material__form", "assay", "received_by")
    lot = known.filter(number_key=finding.number_key(number)).first()
    if lot is None:
        raise LotNotFound(lot=number)
    material, where = lot.material, places.of(user, [lot.pk]).get(lot.pk, ())
    return LotDetail(
        id=lot.pk,
        number=lot.number,
        material_id=material.pk,
        material=material.code,
        material_name=material.name,
        formula=material.formula,
        grade=material.grade,
        form=material.form.code,
        form_name=spoken(material.form.name),
        stage=material.form.get_stage_display(),
        unit=material.unit,
        shelf_life_type=material.shelf_life_type,
        retest_months=material.retest_months,
        hazard_class=material.hazard_class,
        moisture_bearing=material.moisture_bearing,
        supplier_lot=lot.supplier_lot,
        received_at=lot.received_at,
        received_by=str(lot.received_by),
        received_by_id=lot.received_by_id,
        condition=lot.condition,
        verdict=lot.verdict,
        verdict_name=lot.get_verdict_display(),
        retest_due_on=lot.retest_due_on,
        expires_on=lot.expires_on,
        eligible_until=lot.eligible_until,
        frozen_at=lot.frozen_at,
        last_seq=lot.last_seq,
        where=where,
        contained=contained(lot.assay, where),
        assay=assay_row(lot.assay),
        parents=_kin(user, {"lot": lot}, "parent"),
        children=_kin(user, {"parent": lot}, "lot"),
        conditions=_conditions(lot.pk),
    )


def contained(assay: Assay | None, where: tuple[Where, ...]) -> tuple[Contained, ...]:
    """Rounded half-even once for each location and then added, as positions are."""
    if assay is None:
        return ()
    names = dict(Element.objects.filter(symbol__in=assay.fractions).values_list("symbol", "name"))
    fractions = sorted(((s, Decimal(f)) for s, f in assay.fractions.items()), key=_first)
    return tuple(
        Contained(s, spoken(names.get(s, s)), f, sum(contained_mg(at.net_mg, assay.moisture, f) for at in where))
        for s, f in fractions
    )


def _first(pair: tuple[str, Decimal]) -> tuple[bool, Decimal, str]:
    """What a lot is held for stands before what merely goes with it, such as the iron of a magnet."""
    symbol, fraction = pair
    return symbol in FURTHER_ELEMENTS, -fraction, symbol


def assay_row(assay: Assay | None) -> AssayRow | None:
    if assay is None:
        return None
    return AssayRow(
        assay.get_source_display(), assay.lab, assay.method, assay.sampled_on, assay.moisture, assay.occurred_at
    )


def _kin(user: User, of: dict[str, Any], other: str) -> tuple[Kin, ...]:
    """Parents or children that the person may see; a relative at a foreign site stays unknown."""
    visible = Lot.objects.visible_to(user)
    lines = LotParent.objects.filter(**of, **{f"{other}__in": visible}).order_by("pk")
    return tuple(Kin(number, net_mg) for number, net_mg in lines.values_list(f"{other}__number", "net_mg"))


def _conditions(lot_id: int) -> tuple[ConditionRow, ...]:
    lines = ConditionChange.objects.filter(lot_id=lot_id).select_related("actor").order_by("occurred_at", "pk")
    return tuple(
        ConditionRow(c.condition, c.verdict, c.reason, str(c.actor), c.occurred_at, c.recorded_at) for c in lines
    )
