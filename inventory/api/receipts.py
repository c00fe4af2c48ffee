"""Receiving a lot over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, StrictSerializer, body_of, by_of
from config.audit.rest.fields import Day, Moment, Percent, PlainText
from inventory import ledger, lots
from inventory.api.fields import Fractions, NetIn
from inventory.api.lots import LotDetailSerializer


class AssayIn(StrictSerializer):
    lab = PlainText(longest=120)
    method = PlainText(longest=120, default="", allow_blank=True)
    sampled_on = Day(required=False, allow_null=True)
    fractions = Fractions(help_text="Mass fractions of dry mass.")
    moisture_pct = Percent(required=False, allow_null=True, help_text="Of wet mass.")


def assay_of(given: dict[str, Any]) -> ledger.AssayIn:
    """The assay as the ledger takes it."""
    moisture = given.pop("moisture_pct", None)
    return ledger.AssayIn(**given, **({} if moisture is None else {"moisture": moisture}))


class ReceiptIn(NetIn):
    material = PlainText(longest=48)
    site = PlainText(longest=16, default="")
    location = PlainText(longest=32)
    lot_number = PlainText(longest=40, default="", allow_blank=True, help_text="Ours; the next one when left out.")
    supplier_lot = PlainText(longest=80, default="", allow_blank=True)
    produced_on = Day(required=False, allow_null=True)
    moisture_pct = Percent(required=False, allow_null=True, help_text="Of wet mass, for materials that bear moisture.")
    assays = AssayIn(many=True, required=False, help_text="At most one for now.")
    containers = serializers.ListField(
        child=serializers.JSONField(), required=False, help_text="Must be empty until containers are recorded."
    )
    provenance = serializers.ListField(
        child=serializers.JSONField(), required=False, help_text="Must be empty until provenance is recorded."
    )
    reason = PlainText(longest=1000, lines=True, default="", allow_blank=True)
    occurred_at = Moment(required=False, allow_null=True, help_text="Now, when left out.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        assays = attrs.pop("assays", [])
        if len(assays) > 1:
            raise ValidationError({"assays": ["Only one assay can come with a receipt. Record the others on the lot."]})
        moisture = attrs.pop("moisture_pct", None)
        if assays and moisture is not None and assays[0].get("moisture_pct") not in (None, moisture):
            raise ValidationError({"moisture_pct": ["This differs from the assay's moisture. Give one of them."]})
        assay = assay_of(assays[0]) if assays else None
        return super().validate({**attrs, "moisture": moisture, "assay": assay})


class Receipts(APIView):
    permission_classes = [MayAct]
    act = "lots.receive"

    @extend_schema(operation_id="receipts_create", request=ReceiptIn, responses={201: LotDetailSerializer})
    def post(self, request: Request) -> Response:
        """Receive one lot. It starts in condition J and counts when another person has accepted it.

        The same key and body give the first lot again.
        """
        by = by_of(request)
        given = body_of(request, ReceiptIn)
        occurred_at = given.pop("occurred_at", None)
        answer = ledger.receive(by=by, arrival=ledger.Arrival(**given), occurred_at=occurred_at)
        lot = lots.one(user=by.actor, number=answer["lot"])
        return Response(LotDetailSerializer(lot).data, status=status.HTTP_201_CREATED)
