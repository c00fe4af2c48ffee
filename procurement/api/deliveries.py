"""Deliveries over the API: what is expected, and receiving it. No prices here."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, PlainText, YesNo
from config.audit.rest.paging import PageQuery, page, page_of
from inventory import ledger, lots
from inventory.shapes import Kg, LotDetailSerializer, ReceiptIn
from procurement import deliveries, receiving


class DeliveriesQuery(PageQuery):
    site = PlainText(longest=16, default="")
    late = YesNo(default=False, help_text="Only what is past its promised day.")


class ExpectedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="POST /api/deliveries/{id}/receive/ receives it.")
    order = serializers.CharField()
    line = serializers.IntegerField()
    supplier = serializers.CharField(source="supplier_name")
    material = serializers.CharField()
    site = serializers.CharField()
    ordered_kg = Kg(source="ordered_mg")
    received_kg = Kg(source="received_mg")
    open_kg = Kg(source="open_mg")
    most_kg = Kg(source="most_mg", help_text="What may yet arrive, with the line's tolerance.")
    promised_on = Day()
    late = serializers.BooleanField()


class Deliveries(APIView):
    permission_classes = [MayAct]
    act = "deliveries.see"

    @extend_schema(
        operation_id="deliveries_list",
        parameters=[DeliveriesQuery],
        responses=page_of(ExpectedSerializer, "DeliveryPage"),
    )
    def get(self, request: Request) -> Response:
        """What is still to arrive at your sites, the soonest promised first."""
        asked = query_of(request, DeliveriesQuery)
        size = asked.pop("limit")
        found = deliveries.expected(person(request), today=timezone.now().date(), size=size, **asked)
        return page(request, found, ExpectedSerializer)


class Receive(APIView):
    permission_classes = [MayAct]
    act = "deliveries.receive"

    @extend_schema(operation_id="deliveries_receive", request=ReceiptIn, responses={201: LotDetailSerializer})
    def post(self, request: Request, line_id: int) -> Response:
        """Receive one lot against an order line, up to ordered mass plus tolerance: 0 % is 0 %.

        The same key and body give the first lot again.
        """
        by = by_of(request)
        given = body_of(request, ReceiptIn)
        occurred_at = given.pop("occurred_at", None)
        answer = receiving.receive(by=by, line_id=line_id, arrival=ledger.Arrival(**given), occurred_at=occurred_at)
        lot = lots.one(user=by.actor, number=answer["lot"])
        return Response(LotDetailSerializer(lot).data, status=status.HTTP_201_CREATED)
