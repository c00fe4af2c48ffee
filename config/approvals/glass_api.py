"""Break-glass over the API: carrying a request out in an emergency, and reviewing it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.views import APIView

from config.approvals import glass, reviews
from config.approvals.api import DecidedSerializer, decided
from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Moment, OneOf, PlainText, YesNo
from config.audit.rest.paging import PageQuery, page, page_of


class Emergency(StrictSerializer):
    reason = PlainText(longest=1000, lines=True, help_text="What happens if it waits; 20 characters or more.")


class Verdict(StrictSerializer):
    justified = YesNo()
    remarks = PlainText(longest=1000, lines=True)


class GlassQuery(PageQuery):
    state = OneOf(choices=reviews.STATES, default="")
    site = PlainText(longest=16, default="", help_text="Code of the site.")


class GlassSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    request = serializers.IntegerField(source="request_id")
    site = serializers.CharField()
    subject = serializers.CharField(
        help_text="This, `summary`, `reason` and `remarks` are empty for who sees no stock."
    )
    summary = serializers.CharField()
    asked_by = serializers.CharField()
    reason = serializers.CharField()
    actor = serializers.CharField()
    acted_at = Moment()
    due_at = Moment(help_text="When the review is due: 72 hours later.")
    reviewer = serializers.CharField()
    justified = serializers.BooleanField(allow_null=True, help_text="null until it is reviewed.")
    remarks = serializers.CharField()
    reviewed_at = Moment(allow_null=True)


class BreakGlass(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(operation_id="requests_break_glass", request=Emergency, responses={200: DecidedSerializer})
    def post(self, request: Call, pk: int) -> Response:
        """Carry a request out now, without those who should agree. A second person reviews it within 72 hours."""
        by = by_of(request)
        return decided(by, pk, glass.carry_out(by=by, request_id=pk, **body_of(request, Emergency)))


class Reviews(APIView):
    permission_classes = [MayAct]
    act = "glass.see"

    @extend_schema(
        operation_id="break_glass_list", parameters=[GlassQuery], responses=page_of(GlassSerializer, "BreakGlassPage")
    )
    def get(self, request: Call) -> Response:
        """What was done under break-glass: what waits for a review first, soonest due first."""
        asked = query_of(request, GlassQuery)
        cursor, size = asked.pop("cursor"), asked.pop("limit")
        found = reviews.listing(user=person(request), now=timezone.now(), cursor=cursor, size=size, **asked)
        return page(request, found, GlassSerializer)


class OneReview(APIView):
    permission_classes = [MayAct]
    act = "glass.see"

    @extend_schema(operation_id="break_glass_retrieve", responses=GlassSerializer)
    def get(self, request: Call, pk: int) -> Response:
        """One of them."""
        return Response(GlassSerializer(reviews.one(user=person(request), glass_id=pk)).data)


class Review(APIView):
    permission_classes = [MayAct]
    act = "glass.review"

    @extend_schema(operation_id="break_glass_review", request=Verdict, responses={200: GlassSerializer})
    def post(self, request: Call, pk: int) -> Response:
        """Say, once and for good, whether it was justified. Nobody who took part does."""
        by = by_of(request)
        answer = glass.review(by=by, glass_id=pk, **body_of(request, Verdict))
        return Response(GlassSerializer(reviews.one(user=by.actor, glass_id=answer["glass"])).data)
