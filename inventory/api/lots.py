"""Lots: the list, one lot, and what people find out about it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, person, query_of
from config.audit.rest.fields import Day, DayOrMoment, Moment, OneOf, PlainText, YesNo, percent
from config.audit.rest.paging import PageQuery, page, page_of
from inventory import lots
from inventory.api.fields import Contained, Fractions, Kg
from inventory.models import Condition, Place, Verdict


class LotsQuery(PageQuery):
    element = PlainText(longest=24, default="")
    form = PlainText(longest=32, default="")
    material = PlainText(longest=48, default="")
    site = PlainText(longest=16, default="")
    place = OneOf(choices=Place.values, default="")
    condition = PlainText(longest=14, default="", help_text="One condition code, or several in a row like ABC.")
    verdict = OneOf(choices=Verdict.values, default="")
    search = PlainText(longest=80, default="", help_text="The beginning of our number or the supplier's.")
    received_after = DayOrMoment(required=False, help_text="This day counts.")
    due_before = Day(required=False, help_text="Retest or expiry before this day.")
    below_target = YesNo(required=False, help_text="Lots that an open flag wants.")
    held = YesNo(required=False, help_text="Lots of which mass lies somewhere.")
    frozen = YesNo(required=False, help_text="Lots that nothing can be done with because their records differ.")
    order = OneOf(choices=sorted(lots.ORDERS), default="-received")


class PlaceSerializer(serializers.Serializer[Any]):
    location = serializers.CharField()
    site = serializers.CharField()
    kind = serializers.ChoiceField(choices=Place.values, source="place")
    net_kg = Kg(source="net_mg")
    free_kg = serializers.SerializerMethodField()

    def get_free_kg(self, at: Any) -> str:
        return Kg().to_representation(at.net_mg - at.allocated_mg)


class LotSerializer(serializers.Serializer[Any]):
    """A lot as you may see it: masses are summed over `places`."""

    number = serializers.CharField()
    material = serializers.CharField()
    form = serializers.CharField()
    site = serializers.SerializerMethodField(help_text="Null where the lot lies at several sites or nowhere.")
    location = serializers.CharField(allow_null=True, help_text="Null where the lot lies in several places or nowhere.")
    condition = serializers.ChoiceField(choices=Condition.values)
    verdict = serializers.ChoiceField(choices=Verdict.values)
    net_kg = Kg(source="net_mg")
    free_kg = Kg(source="free_mg")
    contained = Contained()
    supplier_lot = serializers.CharField()
    retest_due_on = Day(allow_null=True)
    expires_on = Day(allow_null=True)
    received_at = Moment()
    places = PlaceSerializer(source="where", many=True)
    frozen_at = Moment(allow_null=True, help_text="Since when the lot is frozen because its records differ; else null.")
    seq = serializers.IntegerField(source="last_seq", help_text="Counts the lot's facts. Send it back as `seen_seq`.")

    def get_site(self, lot: Any) -> str | None:
        return lot.sites[0] if len(lot.sites) == 1 else None


class AssaySerializer(serializers.Serializer[Any]):
    source = serializers.SerializerMethodField(  # type: ignore[assignment]  # fields have an attribute of this name
        help_text="catalogue, laboratory or parent lot."
    )
    lab = serializers.CharField()
    method = serializers.CharField()
    sampled_on = Day(allow_null=True)
    moisture_pct = serializers.SerializerMethodField()
    occurred_at = Moment()

    def get_source(self, assay: Any) -> str:
        return str(assay.source).lower()

    def get_moisture_pct(self, assay: Any) -> str:
        return percent(assay.moisture)


class KinSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    net_kg = Kg(source="net_mg")


class LotDetailSerializer(LotSerializer):
    """One lot with the assay in force, and where it came from."""

    stage = serializers.SerializerMethodField()
    contained = serializers.SerializerMethodField()  # type: ignore[assignment]  # the detail has rows, the list a mapping
    fractions = serializers.SerializerMethodField()
    assay = AssaySerializer(allow_null=True)
    received_by = serializers.CharField()
    parents = KinSerializer(many=True)
    children = KinSerializer(many=True)

    def get_stage(self, lot: lots.LotDetail) -> str:
        return lot.stage.lower()

    def get_contained(self, lot: lots.LotDetail) -> dict[str, str]:
        return Contained().to_representation({line.symbol: line.contained_mg for line in lot.contained})

    def get_fractions(self, lot: lots.LotDetail) -> dict[str, str]:
        return Fractions().to_representation({line.symbol: line.fraction for line in lot.contained})


class Lots(APIView):
    permission_classes = [MayAct]
    act = "lots.see"

    @extend_schema(operation_id="lots_list", parameters=[LotsQuery], responses=page_of(LotSerializer, "LotPage"))
    def get(self, request: Request) -> Response:
        """Lots that lie, or once lay, where you may see, the latest received first."""
        asked = query_of(request, LotsQuery)
        cursor, size, order = asked.pop("cursor"), asked.pop("limit"), asked.pop("order")
        found = lots.listing(
            user=person(request), filters=lots.LotFilters(**asked), order=order, cursor=cursor, size=size
        )
        return page(request, found, LotSerializer)
