"""A lot over time: as it was at any moment, and everything that happened to it."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit import edge
from config.audit.keyset import Page
from config.audit.rest import MayAct, StrictSerializer, person, query_of
from config.audit.rest.fields import Day, DayOrMoment, Moment
from config.audit.rest.paging import PageQuery, page, page_of
from inventory import lots
from inventory.api.fields import Contained, Fractions, Kg
from inventory.api.lots import AssaySerializer, LotDetailSerializer, PlaceSerializer
from inventory.models import Condition, Verdict


class LotQuery(StrictSerializer):
    as_of = DayOrMoment(required=False, help_text="The lot as it was: a day counts whole (UTC), a moment to itself.")
    as_known_on = DayOrMoment(required=False, help_text="By what had been recorded then. Alone, also as of then.")


class LotThenSerializer(serializers.Serializer[Any]):
    """A lot as it was. What it shows follows your rights of today; masses are summed over `places`."""

    number = serializers.CharField()
    as_of = Moment(source="until", help_text="The first moment that no longer counts.")
    as_known_on = Moment(
        source="known_until", allow_null=True, help_text="The same of what was recorded; null: all that is known now."
    )
    here = serializers.BooleanField(help_text="False where it had not been received yet, or nobody knew of it.")
    material = serializers.CharField()
    condition = serializers.ChoiceField(choices=Condition.values)
    verdict = serializers.ChoiceField(choices=Verdict.values)
    reason = serializers.CharField(help_text="Of the condition.")
    net_kg = Kg(source="net_mg")
    free_kg = Kg(source="free_mg")
    eligible_kg = Kg(source="eligible_mg", help_text="Free, accepted and in date in stores; whatever its sourcing.")
    contained = serializers.SerializerMethodField()
    fractions = serializers.SerializerMethodField()
    supplier_lot = serializers.CharField()
    retest_due_on = Day(allow_null=True)
    expires_on = Day(allow_null=True)
    received_at = Moment()
    frozen_at = Moment(allow_null=True, help_text="Since when it was frozen then; null where it was not.")
    assay = AssaySerializer(allow_null=True)
    places = PlaceSerializer(source="where", many=True)

    def get_contained(self, lot: lots.LotThen) -> dict[str, str]:
        return Contained().to_representation({line.symbol: line.contained_mg for line in lot.contained})

    def get_fractions(self, lot: lots.LotThen) -> dict[str, str]:
        return Fractions().to_representation({line.symbol: line.fraction for line in lot.contained})


class FactSerializer(serializers.Serializer[Any]):
    """One fact of a lot, or what was asked and said about it (kind `request`, without a number)."""

    seq = serializers.IntegerField(allow_null=True, help_text="Its number in the lot's chain.")
    kind = serializers.CharField(
        help_text="lot, movement, condition, assay, retest, allocation, count, freeze or request."
    )
    title = serializers.CharField()
    text = serializers.CharField()
    reason = serializers.CharField()
    who = serializers.CharField()
    occurred_at = Moment()
    recorded_at = Moment()
    movement = serializers.IntegerField(source="movement_id", allow_null=True)
    reverses = serializers.IntegerField(allow_null=True)
    reversed_by = serializers.IntegerField(allow_null=True)
    request = serializers.IntegerField(source="request_id", allow_null=True)
    state = serializers.CharField(help_text="Of the request, where it was asked for; else empty.")


class Lot(APIView):
    permission_classes = [MayAct]
    act = "lots.see"

    @extend_schema(
        operation_id="lots_retrieve",
        parameters=[LotQuery],
        responses=PolymorphicProxySerializer(
            component_name="LotNowOrThen",
            serializers=[LotDetailSerializer, LotThenSerializer],
            resource_type_field_name=None,
        ),
    )
    def get(self, request: Request, number: str) -> Response:
        """One lot, now, or as it was. Numbers are compared without case and width."""
        asked, user = query_of(request, LotQuery), person(request)
        if not asked:
            return Response(LotDetailSerializer(lots.one(user=user, number=number)).data)
        _passed(asked, now=timezone.now())
        asked.setdefault("as_of", asked.get("as_known_on"))
        return Response(LotThenSerializer(lots.then(user=user, number=number, **asked)).data)


def _passed(asked: dict[str, date], *, now: datetime) -> None:
    """Raises InTheFuture: nothing is known of what lies ahead."""
    for at in asked.values():
        if isinstance(at, datetime):
            edge.not_ahead(at, now=now)
        elif at > now.astimezone(UTC).date():
            raise edge.InTheFuture(at=at.isoformat())


class Timeline(APIView):
    permission_classes = [MayAct]
    act = "lots.see"

    @extend_schema(operation_id="lots_timeline", parameters=[PageQuery], responses=page_of(FactSerializer, "FactPage"))
    def get(self, request: Request, number: str) -> Response:
        """Every fact of a lot and what was asked about it, the latest recorded first. Facts at foreign sites are left out."""
        asked = query_of(request, PageQuery)
        found = lots.timeline(user=person(request), number=number, shown=asked["limit"], cursor=asked["cursor"])
        return page(request, Page(list(reversed(found.facts)), found.next, found.previous, 0, False), FactSerializer)
