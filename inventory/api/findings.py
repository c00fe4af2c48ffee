"""What people find out about a lot, or decide on it: condition, assay, retest, split, and that it holds together again."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, StrictSerializer, body_of, by_of
from config.audit.rest.fields import Day, OneOf, PlainText, YesNo
from inventory import ledger, lots, verification
from inventory.api.fields import NetIn, SeenIn
from inventory.api.lots import LotDetailSerializer
from inventory.api.receipts import AssayIn, assay_of
from inventory.models import Condition

MOST_PARTS = 50


class ConditionIn(SeenIn):
    condition = OneOf(choices=Condition.values)
    reason = PlainText(longest=1000, lines=True, default="", allow_blank=True)


class LotAssayIn(AssayIn, SeenIn):
    pass


class RetestIn(StrictSerializer):
    performed_on = Day()
    passed = YesNo()
    next_due_on = Day(required=False, allow_null=True, help_text="By the material's interval, when left out.")
    lab = PlainText(longest=120, default="", allow_blank=True)
    note = PlainText(longest=1000, lines=True, default="", allow_blank=True)


class LotRetestIn(RetestIn, SeenIn):
    pass


class ThawIn(StrictSerializer):
    reason = PlainText(longest=1000, lines=True, help_text="What differed, and what was done about it.")


class PartIn(NetIn):
    number = PlainText(
        longest=40, default="", allow_blank=True, help_text="The child's number; the next one when left out."
    )


class SplitIn(SeenIn):
    location = PlainText(longest=32)
    parts = PartIn(many=True)
    reason = PlainText(longest=1000, lines=True, default="", allow_blank=True)

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not 1 <= len(parts) <= MOST_PARTS:
            raise ValidationError(f"Give between 1 and {MOST_PARTS} parts.")
        return parts


class SplitSerializer(serializers.Serializer[Any]):
    lot = LotDetailSerializer()
    children = serializers.ListField(child=serializers.CharField())


class LotCondition(APIView):
    permission_classes = [MayAct]
    act = "lots.accept"

    @extend_schema(operation_id="lots_condition", request=ConditionIn, responses={200: LotDetailSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Accept a lot (A, B, C), hold or reject it. Never by the person who received it."""
        by = by_of(request)
        ledger.set_condition(by=by, lot=number, **body_of(request, ConditionIn))
        return Response(LotDetailSerializer(lots.one(user=by.actor, number=number)).data)


class LotAssay(APIView):
    permission_classes = [MayAct]
    act = "lots.assay"

    @extend_schema(operation_id="lots_assay", request=LotAssayIn, responses={200: LotDetailSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Bring a laboratory's assay into force; contained masses follow, and the earlier assays stay on record."""
        by = by_of(request)
        given = body_of(request, LotAssayIn)
        seen_seq = given.pop("seen_seq", None)
        ledger.record_assay(by=by, lot=number, assay=assay_of(given), seen_seq=seen_seq)
        return Response(LotDetailSerializer(lots.one(user=by.actor, number=number)).data)


class LotRetest(APIView):
    permission_classes = [MayAct]
    act = "lots.retest"

    @extend_schema(operation_id="lots_retest", request=LotRetestIn, responses={200: LotDetailSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Record a retest. Passed, it moves the due date and keeps the old one; failed, the lot goes to J."""
        by = by_of(request)
        ledger.retest(by=by, lot=number, **body_of(request, LotRetestIn))
        return Response(LotDetailSerializer(lots.one(user=by.actor, number=number)).data)


class LotThaw(APIView):
    permission_classes = [MayAct]
    act = "lots.thaw"

    @extend_schema(operation_id="lots_thaw", request=ThawIn, responses={200: LotDetailSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Let go a lot that was frozen because its records differed. It is verified first."""
        by = by_of(request)
        verification.thaw(by=by, lot=number, **body_of(request, ThawIn))
        return Response(LotDetailSerializer(lots.one(user=by.actor, number=number)).data)


class LotSplit(APIView):
    permission_classes = [MayAct]
    act = "lots.split"

    @extend_schema(operation_id="lots_split", request=SplitIn, responses={201: SplitSerializer})
    def post(self, request: Request, number: str) -> Response:
        """Split parts off a lot: each becomes a lot of its own with the same condition, verdict, assay and dates."""
        by = by_of(request)
        given = body_of(request, SplitIn, number=number)
        parts = given.pop("parts")
        numbers = [part["number"] for part in parts]
        answer = ledger.split(by=by, lot=number, parts=[part["net"] for part in parts], numbers=numbers, **given)
        lot = lots.one(user=by.actor, number=number)
        body = SplitSerializer({"lot": lot, "children": answer["children"]}).data
        return Response(body, status=status.HTTP_201_CREATED)
