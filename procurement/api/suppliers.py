"""Suppliers over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit import edge
from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import PlainText, Whole, YesNo
from config.audit.rest.paging import PageQuery, page, page_of
from procurement import suppliers


class SuppliersQuery(PageQuery):
    search = PlainText(longest=80, default="", help_text="The beginning of the code, or part of the name.")
    active = YesNo(required=False)


class SupplierIn(StrictSerializer):
    code = PlainText(longest=16, help_text="2 to 16 capital letters, digits and hyphens.")
    name = PlainText(longest=120)
    country = PlainText(longest=2, help_text="Two letters, ISO 3166.")


class SupplierChange(StrictSerializer):
    name = PlainText(longest=120)
    country = PlainText(longest=2, help_text="Two letters, ISO 3166.")
    is_active = YesNo(help_text="false takes the supplier out of use for new orders.")
    version = Whole(
        least=1, most=edge.MOST_VERSION, help_text="The version you saw; refused when it is another by now."
    )


class SupplierSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    is_active = serializers.BooleanField()
    orders_open = serializers.IntegerField(help_text="Orders that are neither received nor cancelled.")
    version = serializers.IntegerField()


class Suppliers(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "suppliers.see", "POST": "suppliers.write"}

    @extend_schema(
        operation_id="suppliers_list",
        parameters=[SuppliersQuery],
        responses=page_of(SupplierSerializer, "SupplierPage"),
    )
    def get(self, request: Request) -> Response:
        """Suppliers by code."""
        asked = query_of(request, SuppliersQuery)
        size = asked.pop("limit")
        found = suppliers.listing(person(request), size=size, **asked)
        return page(request, found, SupplierSerializer)

    @extend_schema(operation_id="suppliers_create", request=SupplierIn, responses={201: SupplierSerializer})
    def post(self, request: Request) -> Response:
        """Add a supplier."""
        by = by_of(request)
        answer = suppliers.add(by=by, **body_of(request, SupplierIn))
        row = suppliers.one(by.actor, answer["supplier"])
        return Response(SupplierSerializer(row).data, status=status.HTTP_201_CREATED)


class Supplier(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "suppliers.see", "PUT": "suppliers.write"}

    @extend_schema(operation_id="suppliers_retrieve", responses=SupplierSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One supplier."""
        return Response(SupplierSerializer(suppliers.one(person(request), code)).data)

    @extend_schema(operation_id="suppliers_update", request=SupplierChange, responses=SupplierSerializer)
    def put(self, request: Request, code: str) -> Response:
        """Change a supplier, or take it out of use."""
        by = by_of(request)
        suppliers.edit(by=by, code=code, **body_of(request, SupplierChange))
        return Response(SupplierSerializer(suppliers.one(by.actor, code)).data)
