"""Orders as the API writes and reads them."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.audit import edge
from config.audit.rest import StrictSerializer
from config.audit.rest.fields import Day, Moment, OneOf, PlainText, Whole
from inventory import catalogue, units
from inventory.ledger.refusals import MaterialNotFound
from inventory.shapes import Kg, KgIn
from procurement import orders
from procurement.api.fields import Amount, Price, Tolerance
from procurement.models import CURRENCIES
from procurement.orders.drafting import MOST_LINES
from procurement.transitions import Act, State


class LineIn(StrictSerializer):
    """One line: `ordered_kg`, or `ordered_quantity` with `ordered_unit`."""

    material = PlainText(longest=48)
    site = PlainText(longest=16)
    ordered_kg = KgIn(required=False)
    ordered_quantity = serializers.JSONField(required=False, help_text="Decimal text or a number, in `ordered_unit`.")
    ordered_unit = OneOf(choices=list(units.UNITS), required=False)
    price_per_kg = Price(required=False, allow_null=True, help_text="Needed before the order is submitted.")
    tolerance_pct = Tolerance(required=False)
    promised_on = Day(required=False, allow_null=True, help_text="Needed before the order is submitted.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        in_kg = attrs.pop("ordered_kg", None)
        quantity, unit = attrs.pop("ordered_quantity", None), attrs.pop("ordered_unit", None)
        if (in_kg is None) == (quantity is None) or (quantity is None) != (unit is None):
            raise ValidationError({"ordered_kg": ["Give ordered_kg, or ordered_quantity together with ordered_unit."]})
        return {**attrs, "ordered": in_kg or _entered(quantity, unit, attrs["material"])}


def _entered(quantity: Any, unit: str, material: str) -> units.Entered:
    try:
        # Only a flask depends on what it holds.
        symbols = [line["symbol"] for line in catalogue.material(material).elements] if unit == "flask" else []
        return units.enter(quantity, unit, element_symbols=tuple(symbols))
    except (units.BadMass, MaterialNotFound) as bad:
        raise ValidationError({"ordered_quantity": [bad.message]}) from None


class OrderIn(StrictSerializer):
    supplier = PlainText(longest=16, help_text="Code of a supplier in use.")
    currency = OneOf(choices=CURRENCIES, default="USD")
    note = PlainText(longest=1000, lines=True, default="", allow_blank=True)
    flag = Whole(
        least=1,
        most=edge.MOST_ID,
        required=False,
        allow_null=True,
        source="flag_id",
        help_text="The flag that this order answers.",
    )
    funds_expire_on = Day(
        required=False, allow_null=True, help_text="The last day on which the money for it may be spent."
    )
    lines = LineIn(many=True, help_text=f"1 to {MOST_LINES} lines.")

    def validate_lines(self, given: list[dict[str, Any]]) -> list[orders.LineIn]:
        return [orders.LineIn(**line) for line in given]


class OrderChange(OrderIn):
    version = Whole(
        least=1, most=edge.MOST_VERSION, help_text="The version you saw; refused when it is another by now."
    )


class DeliveredSerializer(serializers.Serializer[Any]):
    lot = serializers.CharField()
    net_kg = Kg(source="net_mg")
    occurred_at = Moment()
    reversed = serializers.BooleanField(help_text="true when the receipt was reversed: it counts no longer.")


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="POST /api/deliveries/{id}/receive/ receives against this line.")
    line = serializers.IntegerField(source="number")
    material = serializers.CharField()
    site = serializers.CharField()
    ordered_kg = Kg(source="ordered_mg")
    ordered_quantity = Amount(source="quantity", help_text="As it was written, in `ordered_unit`.")
    ordered_unit = serializers.CharField(source="unit")
    price_per_kg = Price(allow_null=True)
    tolerance_pct = Tolerance()
    promised_on = Day(allow_null=True)
    received_kg = Kg(source="received_mg")
    cancelled_kg = Kg(source="cancelled_mg")
    open_kg = Kg(source="open_mg", help_text="Still to arrive: nothing before the order is placed.")
    late = serializers.BooleanField()
    value = Amount(allow_null=True)
    deliveries = DeliveredSerializer(many=True)


class EventSerializer(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="An act, or draft, receive, reverse, late.")
    state = serializers.ChoiceField(choices=State.values, help_text="The order's state after it.")
    line = serializers.IntegerField(allow_null=True)
    net_kg = Kg(source="net_mg", allow_null=True, help_text="What was received, or taken back by a reversal.")
    note = serializers.CharField()
    who = serializers.CharField(source="actor")
    at = Moment()


class OrderRowSerializer(serializers.Serializer[Any]):
    """An order in the list; masses over all its lines."""

    number = serializers.CharField()
    supplier = serializers.CharField()
    supplier_name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.values)
    currency = serializers.CharField()
    flag = serializers.IntegerField(source="flag_id", allow_null=True)
    funds_expire_on = Day(allow_null=True)
    created_by = serializers.CharField()
    created_at = Moment()
    lines = serializers.IntegerField()
    ordered_kg = Kg(source="ordered_mg")
    received_kg = Kg(source="received_mg")
    open_kg = Kg(source="open_mg")
    value = Amount()
    next_on = Day(allow_null=True, help_text="The first promised day of a line that is still open.")
    late = serializers.BooleanField()
    version = serializers.IntegerField()


class OrderSerializer(serializers.Serializer[Any]):
    """One order whole."""

    number = serializers.CharField()
    supplier = serializers.CharField()
    supplier_name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.values)
    currency = serializers.CharField()
    note = serializers.CharField()
    flag = serializers.IntegerField(source="flag_id", allow_null=True)
    funds_expire_on = Day(allow_null=True)
    created_by = serializers.CharField()
    created_at = Moment()
    last_edited_by = serializers.CharField()
    submitted_by = serializers.CharField()
    submitted_at = Moment(allow_null=True)
    approved_by = serializers.CharField()
    approved_for = serializers.CharField(help_text="Who has lent them the right; empty where it is their own.")
    approved_at = Moment(allow_null=True)
    placed_at = Moment(allow_null=True)
    cancelled_at = Moment(allow_null=True)
    value = Amount()
    late = serializers.BooleanField()
    lines = LineSerializer(many=True)
    events = EventSerializer(many=True, help_text="What happened, the latest first.")
    acts = serializers.ListField(
        child=serializers.ChoiceField(choices=[act.value for act in Act]), help_text="What you may do with it now."
    )
    version = serializers.IntegerField()
