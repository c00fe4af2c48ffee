"""Movements: reading them, and the two that one person may make alone. The others are requests."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit import edge
from config.audit.commands import Answer, By
from config.audit.rest import MayAct, body_of, by_of, person, query_of
from config.audit.rest.fields import Moment, OneOf, PlainText
from config.audit.rest.paging import PageQuery, page, page_of
from inventory import ledger, movements
from inventory.api.fields import Kg, NetIn, SeenIn
from inventory.models import Movement


class MovementsQuery(PageQuery):
    lot = PlainText(longest=40, default="", help_text="Our lot number.")
    kind = OneOf(choices=Movement.Kind.values, required=False)


class MovementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lot = serializers.CharField()
    kind = serializers.ChoiceField(choices=Movement.Kind.values)
    origin = serializers.CharField()
    destination = serializers.CharField()
    net_kg = Kg(source="net_mg")
    entered_quantity = serializers.SerializerMethodField(help_text="As it was written, in `entered_unit`.")
    entered_unit = serializers.CharField()
    reason = serializers.CharField()
    reverses = serializers.IntegerField(allow_null=True)
    reversed_by = serializers.IntegerField(allow_null=True)
    who = serializers.CharField()
    occurred_at = Moment()
    recorded_at = Moment()

    def get_entered_quantity(self, row: movements.MovementRow) -> str | None:
        return None if row.entered_quantity is None else edge.plain(row.entered_quantity)


class MovementIn(NetIn, SeenIn):
    lot = PlainText(longest=40)
    kind = OneOf(
        choices=["transfer", "sample"], help_text="Adjust, reverse and issue are requests: POST /api/requests/."
    )
    origin = PlainText(longest=32)
    destination = PlainText(
        longest=32, required=False, help_text="For a transfer. A sample goes to the site's samples."
    )
    reason = PlainText(longest=1000, lines=True, default="", allow_blank=True)
    occurred_at = Moment(required=False, allow_null=True, help_text="Now, when left out.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == "transfer") != ("destination" in attrs):
            raise ValidationError({"destination": ["A transfer needs a destination; a sample takes none."]})
        return super().validate(attrs)


class Movements(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "lots.see", "POST": "lots.transfer"}

    @extend_schema(
        operation_id="movements_list",
        parameters=[MovementsQuery],
        responses=page_of(MovementSerializer, "MovementPage"),
    )
    def get(self, request: Request) -> Response:
        """Movements from or to places that you may see, the latest first."""
        asked = query_of(request, MovementsQuery)
        found = movements.listing(
            user=person(request),
            lot=asked["lot"],
            kind=asked.get("kind", ""),
            cursor=asked["cursor"],
            size=asked["limit"],
        )
        return page(request, found, MovementSerializer)

    @extend_schema(operation_id="movements_create", request=MovementIn, responses={201: MovementSerializer})
    def post(self, request: Request) -> Response:
        """Transfer mass of a lot to another place, or draw a sample. The same key and body give the first answer again."""
        by = by_of(request)
        answer = _move(by, body_of(request, MovementIn))
        row = movements.one(user=by.actor, movement_id=answer["movement"])
        return Response(MovementSerializer(row).data, status=status.HTTP_201_CREATED)


def _move(by: By, given: dict[str, Any]) -> Answer:
    kind = given.pop("kind")
    return ledger.transfer(by=by, **given) if kind == "transfer" else ledger.sample(by=by, **given)
