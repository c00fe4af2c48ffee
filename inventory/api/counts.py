"""Counts of lots: reading them, and recording one."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit import edge
from config.audit.rest import MayAct, body_of, by_of, person, query_of
from config.audit.rest.fields import Moment, OneOf, PlainText
from config.audit.rest.paging import PageQuery, page, page_of
from inventory import ledger, rounds
from inventory.api.fields import Kg, KgIn, NetIn, SeenIn
from inventory.models import Count


class CountsQuery(PageQuery):
    lot = PlainText(longest=40, default="", help_text="Our lot number.")


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,6})?$", "example": "-0.5"})
class SignedKg(Kg):
    """A difference of masses."""


class CountSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lot = serializers.CharField()
    location = serializers.CharField()
    site = serializers.CharField()
    counted_kg = Kg(source="counted_mg")
    entered_quantity = serializers.SerializerMethodField(help_text="As it was written, in `entered_unit`.")
    entered_unit = serializers.CharField()
    book_kg = Kg(source="book_mg", help_text="What the ledger held there at that moment.")
    difference_kg = SignedKg(source="difference_mg", help_text="Counted minus book.")
    seals = serializers.ChoiceField(choices=Count.Seals.values)
    remarks = serializers.CharField()
    who = serializers.CharField()
    occurred_at = Moment()
    recorded_at = Moment()

    def get_entered_quantity(self, row: rounds.CountRow) -> str:
        return edge.plain(row.entered_quantity)


class CountIn(NetIn, SeenIn):
    NOTHING = True
    lot = PlainText(longest=40)
    location = PlainText(longest=32)
    net_kg = KgIn(required=False, nothing=True, help_text="All that is there; 0 where nothing is left.")
    seals = OneOf(choices=Count.Seals.values)
    remarks = PlainText(longest=1000, lines=True, default="", allow_blank=True)
    occurred_at = Moment(required=False, allow_null=True, help_text="Now, when left out.")


class Counts(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "lots.see", "POST": "lots.count"}

    @extend_schema(
        operation_id="counts_list", parameters=[CountsQuery], responses=page_of(CountSerializer, "CountPage")
    )
    def get(self, request: Request) -> Response:
        """Counts at places that you may see, the latest first."""
        asked = query_of(request, CountsQuery)
        found = rounds.counts(user=person(request), lot=asked["lot"], cursor=asked["cursor"], size=asked["limit"])
        return page(request, found, CountSerializer)

    @extend_schema(operation_id="counts_create", request=CountIn, responses={201: CountSerializer})
    def post(self, request: Request) -> Response:
        """Record what was found of a lot at one place, all of it. No balance changes: a difference is a variance."""
        by = by_of(request)
        answer = ledger.count(by=by, **body_of(request, CountIn))
        row = rounds.one(user=by.actor, count_id=answer["count"], location=answer["location"])
        return Response(CountSerializer(row).data, status=status.HTTP_201_CREATED)
