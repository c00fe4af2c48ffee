"""Masses and fractions as the API reads and writes them: decimal text in kg outside, milligrams inside."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.audit import edge
from config.audit.rest import StrictSerializer
from config.audit.rest.fields import OneOf, Whole, decimal
from inventory import catalogue, lots, units

MASS = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,6})?$", "example": "1250.5"}
MASS_IN = {"oneOf": [MASS, {"type": "number"}], "description": "Kilograms with at most 6 decimals (1 mg)."}
MOST_ELEMENTS = 40
MOST_SEQ = 2**53


@extend_schema_field(MASS)
class Kg(serializers.Field[int, Any, str, Any]):
    """Milligrams as kilograms. Read only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: int) -> str:
        return units.kg(value)


@extend_schema_field(MASS_IN)
class KgIn(serializers.Field[units.Entered, Any, str, Any]):
    """A mass in kg, as decimal text or an exact JSON number; with `nothing`, none at all too."""

    def __init__(self, *, nothing: bool = False, **options: Any) -> None:
        self.nothing = nothing
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> units.Entered:
        try:
            return units.enter(data, nothing=self.nothing)
        except units.BadMass as bad:
            raise ValidationError(bad.message) from None

    def to_representation(self, value: units.Entered) -> str:
        return units.kg(value.mg)


@extend_schema_field({"type": "object", "additionalProperties": MASS, "example": {"Nd": "853.1"}})
class Contained(serializers.Field[Mapping[str, int], Any, dict[str, str], Any]):
    """Contained mass by element symbol. Read only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Mapping[str, int]) -> dict[str, str]:
        return {symbol: units.kg(mg) for symbol, mg in value.items()}


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "example": {"Nd": "0.8531"}})
class Fractions(serializers.Field[dict[str, Decimal], Any, dict[str, str], Any]):
    """Mass fractions of dry mass by element symbol, each above 0 and at most 1, with at most 10 decimals."""

    def to_internal_value(self, data: Any) -> dict[str, Decimal]:
        if not isinstance(data, Mapping) or not 0 < len(data) <= MOST_ELEMENTS:
            raise ValidationError('Give an object like {"Nd": "0.8531"}.')
        found, errors = {}, {}
        for symbol, value in data.items():
            try:
                name = edge.text(symbol, what="The symbol", longest=24, required=True)
                found[name] = _fraction(value)
            except (edge.BadText, edge.NotPlain) as wrong:
                errors[symbol[:24]] = [str(wrong)]
        if errors:
            raise ValidationError(errors)
        return found

    def to_representation(self, value: Mapping[str, Any]) -> dict[str, str]:
        return {symbol: edge.plain(Decimal(fraction)) for symbol, fraction in value.items()}


def _fraction(value: Any) -> Decimal:
    found = edge.decimal(value)
    if not 0 < found <= 1 or -int(found.as_tuple().exponent) > 10:
        raise edge.NotPlain("Give a fraction above 0 and at most 1, with at most 10 decimals.")
    return found


@extend_schema_field({**MASS_IN, "description": "A quantity in `net_unit`."})
class Quantity(serializers.Field[Decimal, Any, str, Any]):
    """A plain decimal, as text or an exact JSON number."""

    def to_internal_value(self, data: Any) -> Decimal:
        return decimal(data)

    def to_representation(self, value: Decimal) -> str:
        return edge.plain(value)


class SeenIn(StrictSerializer):
    """An act on a lot as it was seen."""

    seen_seq = Whole(
        least=0, most=MOST_SEQ, required=False, help_text="The lot's `seq` you acted on; refuses if it moved on."
    )


class NetIn(StrictSerializer):
    """A net mass: `net_kg`, or `net_quantity` together with `net_unit`."""

    NOTHING = False  # whether it may be none at all

    net_kg = KgIn(required=False)
    net_quantity = Quantity(required=False)
    net_unit = OneOf(choices=list(units.UNITS), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        quantity, unit = attrs.pop("net_quantity", None), attrs.pop("net_unit", None)
        in_kg = attrs.pop("net_kg", None)
        if in_kg is not None and quantity is None and unit is None:
            return {**attrs, "net": in_kg}
        if in_kg is not None or quantity is None or unit is None:
            raise ValidationError({"net_kg": ["Give net_kg, or net_quantity together with net_unit."]})
        symbols = self.element_symbols(attrs) if unit == "flask" else ()
        try:
            return {**attrs, "net": units.enter(quantity, unit, element_symbols=symbols, nothing=self.NOTHING)}
        except units.BadMass as bad:
            raise ValidationError({"net_quantity": [bad.message]}) from None

    def element_symbols(self, attrs: dict[str, Any]) -> tuple[str, ...]:
        """What the mass is of: a flask holds mercury only. Raises what looking up the lot or material refuses."""
        if "material" in attrs:
            return tuple(line["symbol"] for line in catalogue.material(attrs["material"]).elements)
        number = attrs.get("lot") or self.context["number"]
        return tuple(line.symbol for line in lots.one(user=self.context["user"], number=number).contained)
