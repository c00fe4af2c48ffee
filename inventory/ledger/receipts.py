"""Receiving a lot: it starts in condition J and counts for nothing until another person accepts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require_at
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding, numbers
from inventory.ledger.post import Analyse, Judge, Move, post
from inventory.ledger.refusals import (
    BadFraction,
    BadProduction,
    LocationNotFound,
    NoneOfMaterial,
    NotMoistureBearing,
    NotYet,
    TooMuchContained,
    UnknownElement,
)
from inventory.models import Assay, Condition, Element, Location, Lot, Material, Movement, Place


@dataclass(frozen=True, kw_only=True)
class AssayIn:
    """A minimal assay: `fractions` maps symbol to fraction of dry mass in (0, 1]; `moisture` is of wet mass."""

    fractions: Mapping[str, Decimal]
    lab: str = ""
    method: str = ""
    sampled_on: date | None = None
    moisture: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What arrived, where. `site` may be left out; `containers` and `provenance` must be empty until they are known."""

    material: str
    location: str
    net: units.Entered
    site: str = ""
    lot_number: str = ""
    supplier_lot: str = ""
    produced_on: date | None = None
    moisture: Decimal | None = None
    assay: AssayIn | None = None
    reason: str = ""
    containers: Sequence[Any] = field(default_factory=tuple)
    provenance: Sequence[Any] = field(default_factory=tuple)


def receive(*, by: By, arrival: Arrival, occurred_at: datetime | None = None) -> Answer:
    """Receive one lot into a store or quarantine location of the actor's own site, in condition J.

    Answers {"lot": number, "lot_id", "movement"}. Refuses LocationNotFound, MaterialNotFound, WrongPlace,
    DuplicateLotNumber, BadText, BadProduction, NotYet, InTheFuture, UnknownElement, BadFraction, TooMuchContained,
    NoneOfMaterial, NotMoistureBearing, NotAllowed.
    """
    at = (occurred_at or by.now).astimezone(UTC)
    return run(
        by,
        kind="inventory.receive",
        site=arrival.site,
        request=_request(arrival, occurred_at),
        act=lambda opened: _receive(opened, arrival, at),
        occurred_at=at,
    )


def _request(arrival: Arrival, occurred_at: datetime | None) -> dict[str, Any]:
    assay = arrival.assay
    return {
        "material": arrival.material,
        "site": arrival.site,
        "location": arrival.location,
        "net": [str(arrival.net.quantity), arrival.net.unit],
        "lot_number": arrival.lot_number,
        "supplier_lot": arrival.supplier_lot,
        "produced_on": str(arrival.produced_on or ""),
        "moisture": str(arrival.moisture if arrival.moisture is not None else ""),
        "assay": assay
        and {
            "fractions": {symbol: str(value) for symbol, value in assay.fractions.items()},
            "lab": assay.lab,
            "method": assay.method,
            "sampled_on": str(assay.sampled_on or ""),
            "moisture": str(assay.moisture),
        },
        "reason": arrival.reason,
        "containers": len(arrival.containers),
        "provenance": len(arrival.provenance),
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
    }


def _receive(opened: Opened, arrival: Arrival, at: datetime) -> Answer:
    for what, given in (("containers", arrival.containers), ("provenance", arrival.provenance)):
        if given:
            raise NotYet(what=what)
    edge.not_ahead(at, now=opened.now)
    where = finding.location(opened.actor, arrival.location, act="lots.receive", kinds=(Place.STORE, Place.QUARANTINE))
    if arrival.site and arrival.site != where.site.code:
        raise LocationNotFound(location=f"{arrival.location} at {arrival.site}")
    require_at(opened.actor, "lots.receive", where.site.code)
    material = finding.material(arrival.material)
    lot = _new_lot(opened, arrival, material, at)
    movement = post(
        opened,
        [
            _analysis(lot, material, arrival, at),
            Judge(lot_id=lot.pk, at=at, condition=Condition.J, reason="Received, not yet accepted"),
            _arrival(lot, where, arrival, at),
        ],
    )[0]
    return {"lot": lot.number, "lot_id": lot.pk, "movement": movement.pk, "site": where.site.code}


def _arrival(lot: Lot, where: Location, arrival: Arrival, at: datetime) -> Move:
    return Move(
        lot_id=lot.pk,
        at=at,
        kind=Movement.Kind.RECEIVE,
        origin=finding.outside(where.site_id, Place.SUPPLIER),
        destination=where,
        net_mg=arrival.net.mg,
        entered=arrival.net,
        reason=edge.text(arrival.reason, what=_("Reason"), longest=1000, lines=True),
    )


def _new_lot(opened: Opened, arrival: Arrival, material: Material, at: datetime) -> Lot:
    (number,) = numbers.take([arrival.lot_number], at)
    born_on = arrival.produced_on or at.date()
    if born_on > at.date():
        raise BadProduction(received_on=at.date(), produced_on=born_on)
    return Lot.objects.create(
        number=number,
        number_key=finding.number_key(number),
        material=material,
        supplier_lot=edge.text(arrival.supplier_lot, what=_("Supplier lot"), longest=80),
        received_at=at,
        received_by_id=opened.actor.pk,
        command_id=opened.command_id,
        latest_at=at,
        retest_due_on=_after(born_on, material.retest_months if material.shelf_life_type == "II" else None),
        expires_on=_after(born_on, material.shelf_life_months if material.shelf_life_type == "I" else None),
    )


def _after(start: date, months: int | None) -> date | None:
    return start + relativedelta(months=months) if months else None


def _analysis(lot: Lot, material: Material, arrival: Arrival, at: datetime) -> Analyse:
    assay = arrival.assay
    moisture = assay.moisture if assay and assay.moisture else (arrival.moisture or Decimal(0))
    check_moisture(material, moisture)
    if assay is None or not assay.fractions:
        catalogue = {} if material.assay_required else catalogue_fractions(material)
        return Analyse(lot_id=lot.pk, at=at, source=Assay.Source.CATALOGUE, fractions=catalogue, moisture=moisture)
    return Analyse(
        lot_id=lot.pk,
        at=at,
        source=Assay.Source.LABORATORY,
        fractions=check_assay(material, assay.fractions),
        moisture=moisture,
        lab=edge.text(assay.lab, what=_("Laboratory"), longest=120, field="assay"),
        method=edge.text(assay.method, what=_("Method"), longest=120, field="assay"),
        sampled_on=assay.sampled_on,
    )


def catalogue_fractions(material: Material) -> dict[str, Decimal]:
    """Symbol -> frozen mass fraction of the catalogue."""
    return {row.element.symbol: row.fraction for row in material.elements.select_related("element")}


def check_moisture(material: Material, moisture: Decimal) -> None:
    """Refuse BadFraction outside [0, 1), NotMoistureBearing where the material bears none."""
    if not moisture.is_finite() or not 0 <= moisture < 1 or _finer(moisture):
        raise BadFraction(what=_("Moisture"), value=moisture)
    if moisture and not material.moisture_bearing:
        raise NotMoistureBearing(material=material.name)


def _finer(value: Decimal) -> bool:
    """True when the value has more digits than the ten that a fraction keeps."""
    return value != value.quantize(Decimal("1e-10"))


def check_assay(material: Material, fractions: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the fractions as `check_fractions` does; refuse NoneOfMaterial where they name none of its elements.

    A slip in the list of elements would else make a lot count as what it is not.
    """
    checked = check_fractions(fractions)
    elements = catalogue_fractions(material)
    if elements and elements.keys().isdisjoint(checked):
        raise NoneOfMaterial(material=material.name, elements=", ".join(sorted(elements)))
    return checked


def check_fractions(fractions: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the fractions if every symbol is known, each lies in (0, 1] and they add up to at most 1."""
    known = set(Element.objects.filter(symbol__in=list(fractions)).values_list("symbol", flat=True))
    for symbol, value in fractions.items():
        if symbol not in known:
            raise UnknownElement(symbol=symbol)
        if not value.is_finite() or not 0 < value <= 1 or _finer(value):
            raise BadFraction(what=format_lazy(_("The fraction of {symbol}"), symbol=symbol), value=value)
    total = sum(fractions.values(), Decimal(0))
    if total > 1:
        raise TooMuchContained(total_pct=edge.plain(total.scaleb(2)))
    return {symbol: value.quantize(Decimal("1e-10")).normalize() for symbol, value in fractions.items()}
