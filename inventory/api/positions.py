"""Positions: what is held, now or on any day. Read only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, StrictSerializer, person, query_of
from config.audit.rest.fields import Day, PlainText
from config.audit.rest.paging import page_of, whole
from inventory import positions, sites
from inventory.api.fields import Contained, Kg
from inventory.models import Condition, Place, Verdict


class PositionsQuery(StrictSerializer):
    as_of = Day(required=False, help_text="What was true at the end of this day (UTC).")
    as_known_on = Day(required=False, help_text="As it was recorded by the end of this day (UTC).")
    element = PlainText(longest=24, default="")
    form = PlainText(longest=32, default="")
    site = PlainText(longest=16, default="")


class PositionSerializer(serializers.Serializer[Any]):
    material = serializers.CharField()
    form = serializers.CharField()
    stage = serializers.CharField()
    site = serializers.CharField()
    place = serializers.ChoiceField(choices=Place.values)
    condition = serializers.ChoiceField(choices=Condition.values)
    verdict = serializers.ChoiceField(choices=Verdict.values)
    net_kg = Kg(source="net_mg")
    free_kg = Kg(source="free_mg")
    contained = Contained()
    lots = serializers.IntegerField(help_text="Lots that feed this row; not additive over sites.")


class Positions(APIView):
    permission_classes = [MayAct]
    act = "positions.see"

    @extend_schema(
        operation_id="positions_list",
        parameters=[PositionsQuery],
        responses=page_of(PositionSerializer, "PositionPage"),
    )
    def get(self, request: Request) -> Response:
        """Net, free and contained mass by material, site, place, condition and verdict; the list is whole."""
        asked, user = query_of(request, PositionsQuery), person(request)
        sites.check_seen(user, asked["site"])
        return whole(PositionSerializer(positions.rows(user=user, **asked), many=True).data)
