"""Elements, materials, sites and locations. Read only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, Nothing, StrictSerializer, person, query_of
from config.audit.rest.fields import OneOf, PlainText
from config.audit.rest.paging import page_of, whole
from inventory import catalogue, sites
from inventory.models import Place


class ElementSerializer(serializers.Serializer[Any]):
    symbol = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField(help_text="light or heavy, for rare earths; else empty.")
    on_2022_list = serializers.BooleanField(help_text="On the US critical minerals list of 2022.")
    on_2025_list = serializers.BooleanField(help_text="On the list of 2025.")


class MaterialsQuery(StrictSerializer):
    element = PlainText(longest=24, default="", help_text="Symbol of an element that the material contains.")
    form = PlainText(longest=32, default="")


class MaterialSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    elements = serializers.SerializerMethodField()
    fractions = serializers.SerializerMethodField()
    form = serializers.CharField()
    stage = serializers.CharField()
    formula = serializers.CharField()
    grade = serializers.CharField()
    unit = serializers.CharField(help_text="The unit that people read it in. Masses of the API are in kg.")
    basis = serializers.ChoiceField(choices=["net", "contained"])
    shelf_life_type = serializers.ChoiceField(choices=["none", "I", "II"])
    retest_months = serializers.IntegerField(allow_null=True)
    hazard_class = serializers.CharField()
    moisture_bearing = serializers.BooleanField()
    assay_required = serializers.BooleanField(help_text="Counts by laboratory assay only.")

    def get_elements(self, row: catalogue.MaterialRow) -> list[str]:
        return [line["symbol"] for line in row.elements]

    def get_fractions(self, row: catalogue.MaterialRow) -> dict[str, str]:
        return {line["symbol"]: line["fraction"] for line in row.elements}


class SiteSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()


class LocationsQuery(StrictSerializer):
    site = PlainText(longest=16, default="")
    kind = OneOf(choices=Place.values, required=False)


class LocationSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    site = serializers.CharField()
    kind = serializers.ChoiceField(choices=Place.values)
    bound_for = serializers.CharField(help_text="For a transit lane: the site that it leads to. Else empty.")


class Elements(APIView):
    permission_classes = [MayAct]
    act = "catalogue.see"

    @extend_schema(operation_id="elements_list", responses=page_of(ElementSerializer, "ElementPage"))
    def get(self, request: Request) -> Response:
        """Every counted element, by symbol; the list is whole."""
        query_of(request, Nothing)
        return whole(ElementSerializer(catalogue.elements(), many=True).data)


class Materials(APIView):
    permission_classes = [MayAct]
    act = "catalogue.see"

    @extend_schema(
        operation_id="materials_list",
        parameters=[MaterialsQuery],
        responses=page_of(MaterialSerializer, "MaterialPage"),
    )
    def get(self, request: Request) -> Response:
        """Materials, by code, with their elements' frozen mass fractions; the list is whole."""
        rows = catalogue.materials(**query_of(request, MaterialsQuery))
        return whole(MaterialSerializer(rows, many=True).data)


class Sites(APIView):
    permission_classes = [MayAct]
    act = "sites.see"

    @extend_schema(operation_id="sites_list", responses=page_of(SiteSerializer, "SitePage"))
    def get(self, request: Request) -> Response:
        """Sites that you may see, by code; the list is whole."""
        query_of(request, Nothing)
        return whole(SiteSerializer(sites.visible(person(request)), many=True).data)


class Locations(APIView):
    permission_classes = [MayAct]
    act = "sites.see"

    @extend_schema(
        operation_id="locations_list",
        parameters=[LocationsQuery],
        responses=page_of(LocationSerializer, "LocationPage"),
    )
    def get(self, request: Request) -> Response:
        """Locations that you may see, by code; the list is whole."""
        asked, user = query_of(request, LocationsQuery), person(request)
        sites.check_seen(user, asked["site"])
        kinds = (asked["kind"],) if "kind" in asked else ()
        return whole(LocationSerializer(sites.locations(user, site=asked["site"], kinds=kinds), many=True).data)
