"""Prices and values as the API writes them: decimal text."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.audit import edge
from procurement.models import MOST_PER_KG

AMOUNT = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "example": "62.5"}
_PLACES = 6


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@extend_schema_field({"oneOf": [AMOUNT, {"type": "number"}], "description": "In the order's currency, per kg."})
class Price(serializers.Field[Decimal, Any, str, Any]):
    """A price per kg, from 0, with at most 6 decimals."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            found = edge.decimal(data)
        except edge.NotPlain as bad:
            raise ValidationError(f"This cannot be read: {bad}") from None
        if not 0 <= found <= MOST_PER_KG or -int(found.as_tuple().exponent) > _PLACES:
            raise ValidationError(f"Give a price from 0 to {MOST_PER_KG:,} with at most {_PLACES} decimals.")
        return found

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


@extend_schema_field(AMOUNT)
class Amount(serializers.Field[Decimal, Any, str, Any]):
    """A value in the order's currency, exact. Read only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


@extend_schema_field(
    {"oneOf": [{"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$"}, {"type": "number"}], "example": "2.5"}
)
class Tolerance(serializers.Field[Decimal, Any, str, Any]):
    """How much more than ordered may arrive, in percent, with at most 2 decimals. 0 means 0."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            found = edge.decimal(data)
        except edge.NotPlain as bad:
            raise ValidationError(f"This cannot be read: {bad}") from None
        if not 0 <= found <= 100 or -int(found.as_tuple().exponent) > 2:
            raise ValidationError("Give a percentage from 0 to 100 with at most 2 decimals.")
        return found

    def to_representation(self, value: Decimal) -> str:
        return plain(value)
