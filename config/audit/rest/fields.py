"""Fields that take what is plainly written and nothing else. DRF's own read 1_000, ３.５ and "yes"."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.audit import edge

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
MAX_ECHO = 64
MAX_UNKNOWN = 20


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object of which every name is known; unknown ones are refused by name. null leaves an optional one out."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        values = None
        try:
            values = super().to_internal_value(self._without_nulls(data))
        except ValidationError as error:
            if not isinstance(data, Mapping) or not isinstance(error.detail, dict):
                raise
            errors.update(error.detail)
        for name in sorted(set(map(str, data)) - set(self.fields))[:MAX_UNKNOWN]:
            errors[name[:MAX_ECHO]] = ["There is no such field here."]
        if errors:
            raise ValidationError(errors)
        return values

    def _without_nulls(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        optional = {name for name, field in self.fields.items() if not field.required}
        return {name: value for name, value in data.items() if value is not None or name not in optional}


class Nothing(StrictSerializer):
    """A body, or a query, that takes no names at all."""


class PlainText(serializers.CharField):
    """Text without control, direction or NUL characters, NFC, stripped, up to `longest`."""

    def __init__(self, *, longest: int, lines: bool = False, **options: Any) -> None:
        self.lines = lines
        super().__init__(max_length=longest, **options)

    def to_internal_value(self, data: Any) -> str:
        try:
            return edge.text(data, what="This", longest=self.max_length or 0, lines=self.lines)
        except edge.BadText as bad:
            raise ValidationError(bad.message) from None


class OneOf(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data in self.choices:
            return data
        raise ValidationError(f"Choose one of {', '.join(map(str, self.choices))}.")


@extend_schema_field(OpenApiTypes.INT64)
class Whole(serializers.Field[int, Any, int, Any]):
    """A whole number between `least` and `most`; as text too in a query (`text=True`)."""

    def __init__(self, *, least: int, most: int, text: bool = False, **options: Any) -> None:
        self.least, self.most, self.text = least, most, text
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if self.text and isinstance(data, str) and _WHOLE.fullmatch(data):
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int) or not self.least <= data <= self.most:
            raise ValidationError(f"Give a whole number between {self.least} and {self.most}.")
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field(OpenApiTypes.BOOL)
class YesNo(serializers.Field[bool, Any, bool, Any]):
    """true or false; as text in a query."""

    def to_internal_value(self, data: Any) -> bool:
        found = {"true": True, "false": False}.get(data) if isinstance(data, str) else data
        if not isinstance(found, bool):
            raise ValidationError("Give true or false.")
        return found

    def to_representation(self, value: bool) -> bool:
        return value


@extend_schema_field(OpenApiTypes.DATE)
class Day(serializers.Field[date, Any, str, Any]):
    """A day, YYYY-MM-DD."""

    def to_internal_value(self, data: Any) -> date:
        try:
            return edge.day(data)
        except edge.NotPlain as plain:
            raise ValidationError(_sentence(plain)) from None

    def to_representation(self, value: date) -> str:
        return value.isoformat()


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[datetime, Any, str, Any]):
    """A moment, RFC 3339 with its offset, kept in UTC. Doors refuse the future."""

    def to_internal_value(self, data: Any) -> datetime:
        try:
            found = parse_datetime(data.upper()) if isinstance(data, str) and _MOMENT.fullmatch(data) else None
            found = found.astimezone(UTC) if found else None
        except (ValueError, OverflowError):
            found = None
        if found is None or found.year < 1900:
            raise ValidationError("Write the moment with its offset, like 2026-11-24T14:30:00Z.")
        return found

    def to_representation(self, value: datetime) -> str:
        return rfc3339(value)


@extend_schema_field(
    {"type": "string", "description": "A day (YYYY-MM-DD) or a moment (RFC 3339).", "example": "2026-11-24"}
)
class DayOrMoment(serializers.Field[date, Any, str, Any]):
    """A day, or a moment with its offset."""

    def to_internal_value(self, data: Any) -> date:
        day = isinstance(data, str) and len(data) == len("2026-11-24")
        return Day().to_internal_value(data) if day else Moment().to_internal_value(data)

    def to_representation(self, value: date) -> str:
        return rfc3339(value) if isinstance(value, datetime) else value.isoformat()


def rfc3339(value: datetime) -> str:
    """A moment as the API writes it: UTC, with Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@extend_schema_field(
    {"oneOf": [{"type": "string", "pattern": r"^[0-9]{1,2}(\.[0-9]{1,8})?$"}, {"type": "number"}], "example": "8.25"}
)
class Percent(serializers.Field[Decimal, Any, str, Any]):
    """A percentage from 0 to under 100 with at most 8 decimals, as a fraction of one inside."""

    def to_internal_value(self, data: Any) -> Decimal:
        found = decimal(data)
        if not 0 <= found < 100 or -int(found.as_tuple().exponent) > 8:
            raise ValidationError("Give a percentage from 0 to under 100 with at most 8 decimals.")
        return found.scaleb(-2)

    def to_representation(self, value: Decimal) -> str:
        return percent(value)


def percent(fraction: Decimal) -> str:
    """A fraction of one as the API writes percentages: 0.0825 -> '8.25'."""
    return edge.plain(fraction.scaleb(2))


class PlainDecimal(serializers.Field[Decimal, Any, str, Any]):
    """A decimal from `least` to `most` with at most `places` decimals, as text or an exact JSON number."""

    def __init__(self, *, what: str, places: int, least: Decimal, most: Decimal, **options: Any) -> None:
        self.what, self.places, self.least, self.most = what, places, least, most
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        found = decimal(data)
        if not self.least <= found <= self.most or -int(found.as_tuple().exponent) > self.places:
            bounds = f"from {self.least:,} to {self.most:,} with at most {self.places} decimals"
            raise ValidationError(f"Give {self.what} {bounds}.")
        return found

    def to_representation(self, value: Decimal) -> str:
        return edge.plain(value)


def decimal(data: Any) -> Decimal:
    """A plainly written decimal. Raises ValidationError."""
    try:
        return edge.decimal(data)
    except edge.NotPlain as plain:
        raise ValidationError(_sentence(plain)) from None


def _sentence(plain: edge.NotPlain) -> str:
    text = str(plain)
    return text[:1].upper() + text[1:]
