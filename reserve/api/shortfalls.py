"""Stock against targets over the API: today, on a day that has passed, on one to come. Read only."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, StrictSerializer, query_of
from config.audit.rest.fields import Day
from config.audit.rest.paging import page_of, whole
from inventory.shapes import Kg
from reserve import shortfall
from reserve.shortfall import ShortfallRow


class ShortfallsQuery(StrictSerializer):
    as_of = Day(required=False, help_text="A day since 2000 and at most ten years ahead; today when left out.")


class StepSerializer(serializers.Serializer[Any]):
    left_kg = Kg(source="left_mg")
    lost_kg = Kg(source="lost_mg", help_text="What this step took away.")


class WaterfallSerializer(serializers.Serializer[Any]):
    """Physical to free, which is what is eligible."""

    physical = StepSerializer()
    in_store = StepSerializer()
    accepted = StepSerializer()
    in_date = StepSerializer()
    compliant = StepSerializer()
    free = StepSerializer()


class FlagRefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.CharField()
    severity = serializers.CharField()


class ShortfallSerializer(serializers.Serializer[Any]):
    target = serializers.IntegerField()
    material = serializers.CharField(help_text="Empty where the target is for an element in a form.")
    element = serializers.CharField(help_text="Empty where the target is for a material.")
    form = serializers.CharField()
    site = serializers.CharField(help_text="Empty: the whole reserve.")
    basis = serializers.ChoiceField(choices=["net", "contained"])
    required_kg = Kg(source="required_mg")
    eligible_kg = Kg(source="eligible_mg")
    on_order_kg = Kg(source="on_order_mg", allow_null=True, help_text="Beside the shortfall; null for past days.")
    short_kg = Kg(source="short_mg")
    cover_pct = serializers.SerializerMethodField(help_text="Eligible in percent of required, rounded down.")
    cover_days = serializers.IntegerField(
        allow_null=True, help_text="Whole days of the target's daily use; null where it states none."
    )
    waterfall = serializers.SerializerMethodField()
    flag = FlagRefSerializer(allow_null=True)

    def get_cover_pct(self, row: ShortfallRow) -> str:
        return f"{row.cover_pct:.1f}"

    @extend_schema_field(WaterfallSerializer)
    def get_waterfall(self, row: ShortfallRow) -> Any:
        return WaterfallSerializer({step.name.replace(" ", "_"): step for step in row.waterfall}).data


class Shortfalls(APIView):
    permission_classes = [MayAct]
    act = "targets.see"

    @extend_schema(
        operation_id="shortfalls_list",
        parameters=[ShortfallsQuery],
        responses=page_of(ShortfallSerializer, "ShortfallPage"),
    )
    def get(self, request: Request) -> Response:
        """Every target that counts on the day, worst cover first; the list is whole."""
        today = timezone.now().date()
        as_of = query_of(request, ShortfallsQuery).get("as_of", today)
        if not shortfall.can_be_asked(as_of, today=today):
            raise ValidationError({"as_of": ["Choose a day since 2000 and at most ten years ahead."]})
        return whole(ShortfallSerializer(shortfall.rows(as_of=as_of, today=today), many=True).data)
