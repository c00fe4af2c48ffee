"""Prices and values as the API writes them: decimal text."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.audit import edge
from config.audit.rest.fields import PlainDecimal
from procurement.models import MOST_PER_KG

AMOUNT = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "example": "62.5"}


@extend_schema_field({"oneOf": [AMOUNT, {"type": "number"}], "description": "In the order's currency, per kg."})
class Price(PlainDecimal):
    """A price per kg, from 0, with at most 6 decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(what="a price", places=6, least=Decimal(0), most=MOST_PER_KG, **options)


@extend_schema_field(AMOUNT)
class Amount(serializers.Field[Decimal, Any, str, Any]):
    """A value in the order's currency, exact. Read only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Decimal) -> str:
        return edge.plain(value)


@extend_schema_field(
    {"oneOf": [{"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$"}, {"type": "number"}], "example": "2.5"}
)
class Tolerance(PlainDecimal):
    """How much more than ordered may arrive, in percent, with at most 2 decimals. 0 means 0."""

    def __init__(self, **options: Any) -> None:
        super().__init__(what="a percentage", places=2, least=Decimal(0), most=Decimal(100), **options)
