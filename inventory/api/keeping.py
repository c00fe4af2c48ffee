"""What administrators keep, over the API: sites, places, materials. They see no stock."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, Nothing, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, OneOf, PlainDecimal, PlainText, Whole, YesNo
from config.audit.rest.paging import page_of, whole
from inventory import catalogue, places, sites
from inventory.api.catalogue import MaterialSerializer
from inventory.api.fields import Fractions
from inventory.models import Material, Place

SEEN = "The `seen` of the row as you read it; refused when it is another by now."


@extend_schema_field({"type": "string", "example": "51.05"})
class Degrees(PlainDecimal):
    """Decimal degrees up to `most` either way, with at most 5 decimals."""

    def __init__(self, *, what: str, most: int, **options: Any) -> None:
        super().__init__(what=what, places=5, least=Decimal(-most), most=Decimal(most), **options)


def _months() -> Whole:
    return Whole(least=1, most=catalogue.MOST_MONTHS, required=False)


class StoreIn(StrictSerializer):
    suffix = PlainText(longest=12, help_text="Capital letters and digits; the site's code is put before it.")
    name = PlainText(longest=120)


class SiteFacts(StrictSerializer):
    name = PlainText(longest=120)
    country = PlainText(longest=2)
    latitude = Degrees(what="latitude", most=90, required=False)
    longitude = Degrees(what="longitude", most=180, required=False)
    note = PlainText(longest=300, default="", allow_blank=True)

    def validate(self, attrs: Any) -> Any:
        return {"latitude": None, "longitude": None, **attrs}


class SiteIn(SiteFacts):
    code = PlainText(longest=12, help_text="2 to 12 capital letters and digits; it stays.")
    stores = serializers.ListField(child=StoreIn(), min_length=1, max_length=50)


class SiteChange(SiteFacts):
    seen = PlainText(longest=32, help_text=SEEN)


class PlaceIn(StrictSerializer):
    suffix = PlainText(longest=12)
    name = PlainText(longest=120)
    kind = OneOf(choices=[kind.value for kind in places.ADDED])


class PlaceChange(StrictSerializer):
    name = PlainText(longest=120)
    is_active = YesNo(help_text="false closes it, which is refused while lots lie there.")


class MaterialWords(StrictSerializer):
    name = PlainText(longest=120)
    grade = PlainText(longest=64, default="", allow_blank=True)
    hazard_class = PlainText(longest=16, default="", allow_blank=True)
    un_number = PlainText(longest=8, default="", allow_blank=True)
    shelf_life_months = _months()
    retest_months = _months()

    def validate(self, attrs: Any) -> Any:
        return {"shelf_life_months": None, "retest_months": None, **attrs}


class MaterialChange(MaterialWords):
    seen = PlainText(longest=32, help_text=SEEN)


class NewMaterial(MaterialWords):
    code = PlainText(longest=48)
    form = PlainText(longest=32)
    formula = PlainText(longest=64, default="", allow_blank=True)
    fractions = Fractions()
    source = PlainText(  # type: ignore[assignment]  # the metaclass takes it off the class, where DRF has a `source`
        longest=300, help_text="Of the fractions; frozen with them."
    )
    dated_on = Day()
    unit = PlainText(longest=16, default="kg")
    basis = OneOf(choices=Material.Basis.values, default="net")
    shelf_life_type = OneOf(choices=Material.ShelfLife.values, default="none")
    moisture_bearing = YesNo(default=False)
    assay_required = YesNo(default=False)


class KeptPlaceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Place.values)
    bound_for = serializers.CharField()
    is_active = serializers.BooleanField()


class KeptSiteSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    latitude = Degrees(what="latitude", most=90, allow_null=True)
    longitude = Degrees(what="longitude", most=180, allow_null=True)
    note = serializers.CharField()
    places = KeptPlaceSerializer(many=True)
    seen = serializers.CharField(help_text="Send it back with a change.")


class KeptMaterialSerializer(MaterialSerializer):
    shelf_life_months = serializers.IntegerField(allow_null=True)
    un_number = serializers.CharField()
    seen = serializers.SerializerMethodField(help_text="Send it back with a change.")

    def get_seen(self, row: catalogue.MaterialRow) -> str:
        return catalogue.stamp(row)


def _site(request: Request, code: str, status_code: int = status.HTTP_200_OK) -> Response:
    return Response(KeptSiteSerializer(places.one(user=person(request), code=code)).data, status=status_code)


class KeptSites(APIView):
    permission_classes = [MayAct]
    act = "sites.write"

    @extend_schema(operation_id="kept_sites_list", responses=page_of(KeptSiteSerializer, "KeptSitePage"))
    def get(self, request: Request) -> Response:
        """Every site with its places, by code; the list is whole."""
        query_of(request, Nothing)
        return whole(KeptSiteSerializer(places.managed(user=person(request)), many=True).data)

    @extend_schema(operation_id="kept_sites_create", request=SiteIn, responses={201: KeptSiteSerializer})
    def post(self, request: Request) -> Response:
        """Open a site with its stores; quarantine, transit and the other places are made with it."""
        by, given = by_of(request), body_of(request, SiteIn)
        stores = [(store["suffix"], store["name"]) for store in given.pop("stores")]
        answer = sites.open_site(by=by, stores=stores, **given)
        return _site(request, answer["site"], status.HTTP_201_CREATED)


class KeptSite(APIView):
    permission_classes = [MayAct]
    act = "sites.write"

    @extend_schema(operation_id="kept_sites_retrieve", responses=KeptSiteSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One site with its places."""
        return _site(request, code)

    @extend_schema(operation_id="kept_sites_update", request=SiteChange, responses=KeptSiteSerializer)
    def put(self, request: Request, code: str) -> Response:
        """What a site is called, and where it lies."""
        places.edit_site(by=by_of(request), code=code, **body_of(request, SiteChange))
        return _site(request, code)


class KeptPlaces(APIView):
    permission_classes = [MayAct]
    act = "sites.write"

    @extend_schema(operation_id="kept_places_create", request=PlaceIn, responses={201: KeptSiteSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Add a place where lots can lie to a site; the answer is the site."""
        by = by_of(request)
        places.one(user=by.actor, code=code)
        places.add_location(by=by, site=code, **body_of(request, PlaceIn))
        return _site(request, code, status.HTTP_201_CREATED)


class KeptPlace(APIView):
    permission_classes = [MayAct]
    act = "sites.write"

    @extend_schema(operation_id="kept_places_update", request=PlaceChange, responses=KeptSiteSerializer)
    def put(self, request: Request, code: str) -> Response:
        """Rename a place, close it or open it again; the answer is its site."""
        answer = places.edit_location(by=by_of(request), code=code, **body_of(request, PlaceChange))
        return _site(request, answer["site"])


class KeptMaterials(APIView):
    permission_classes = [MayAct]
    act = "catalogue.write"

    @extend_schema(operation_id="kept_materials_create", request=NewMaterial, responses={201: KeptMaterialSerializer})
    def post(self, request: Request) -> Response:
        """Add a material; its fractions are frozen with their source and date."""
        by, given = by_of(request), catalogue.MaterialIn(**body_of(request, NewMaterial))
        answer = catalogue.add_material(by=by, material=given)
        row = catalogue.material(answer["material"])
        return Response(KeptMaterialSerializer(row).data, status=status.HTTP_201_CREATED)


class KeptMaterial(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "catalogue.see", "PUT": "catalogue.write"}

    @extend_schema(operation_id="kept_materials_retrieve", responses=KeptMaterialSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One material."""
        return Response(KeptMaterialSerializer(catalogue.material(code)).data)

    @extend_schema(operation_id="kept_materials_update", request=MaterialChange, responses=KeptMaterialSerializer)
    def put(self, request: Request, code: str) -> Response:
        """Change what is safe once there are lots: words, and the intervals of lots received from now on."""
        by = by_of(request)
        catalogue.edit_material(by=by, code=code, **body_of(request, MaterialChange))
        return Response(KeptMaterialSerializer(catalogue.material(code)).data)
