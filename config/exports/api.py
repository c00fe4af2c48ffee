"""Exports over the API: ask for a list as a file, look how far it is, fetch it."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from config.accounts import matrix
from config.audit import pace
from config.audit.rest import MayAct, Nothing, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Moment, OneOf, PlainText
from config.audit.rest.paging import PageQuery, page, page_of
from config.exports import log, making
from config.exports.models import Export
from config.exports.refusals import ExportNotFound
from config.exports.views import sent
from config.jobs import work

STATES = tuple(log.STATES)


class ExportAsked(StrictSerializer):
    list = PlainText(longest=64, help_text="The list, as its page is called: lots, orders, suppliers.")
    format = OneOf(choices=Export.Format.values, help_text="xlsx; csv for spreadsheets; plain for programs.")
    params = PlainText(
        longest=making.LONGEST_QUERY,
        default="",
        allow_blank=True,
        help_text="Filters and order as a query string, as the page of the list has them: site=ANT&order=-net.",
    )
    columns = serializers.ListField(
        child=PlainText(longest=64), required=False, max_length=100, help_text="Keys; those that you see without it."
    )


class ExportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    list = serializers.CharField(source="list_name")
    format = serializers.ChoiceField(choices=Export.Format.values)
    filters = serializers.CharField(help_text="What it was narrowed to, in words; empty for all of it.")
    params = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    asked_by = serializers.CharField(source="username")
    asked_at = Moment()
    state = serializers.ChoiceField(choices=STATES)
    rows = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(allow_null=True, help_text="Bytes of the file.")
    sha256 = serializers.CharField(allow_null=True)
    made_at = Moment(allow_null=True)
    kept_until = Moment(allow_null=True)
    error = serializers.CharField()
    file = serializers.SerializerMethodField()

    def get_file(self, row: log.ExportRow) -> str | None:
        """Where to fetch it; null where there is nothing for you to fetch."""
        return reverse("api-export-file", args=[row.id], request=self.context.get("request")) if row.fetchable else None


class ExportList(APIView):
    permission_classes = [MayAct]
    act = "exports.make"

    @extend_schema(
        parameters=[PageQuery], responses=page_of(ExportSerializer, "ExportPage"), operation_id="exports_list"
    )
    def get(self, request: Request) -> Response:
        """Your exports, or everybody's where you may see the log; the latest first."""
        given = query_of(request, PageQuery)
        return page(
            request, log.listing(person(request), cursor=given["cursor"], size=given["limit"]), ExportSerializer
        )

    @extend_schema(
        request=ExportAsked, responses={201: ExportSerializer, 202: ExportSerializer}, operation_id="exports_make"
    )
    def post(self, request: Request) -> Response:
        """Export a list exactly as its page shows it: 201 with the file ready, 202 where it is long and made by a worker."""
        pace.take(person_id=person(request).pk, kind="export")
        by = by_of(request)
        given = body_of(request, ExportAsked)
        made = making.ask(
            by, table=given["list"], format=given["format"], params=given["params"], columns=given.get("columns")
        )
        row = log.one(person(request), made["export"])
        status = 201 if made["state"] == "done" else 202
        return Response(ExportSerializer(row, context={"request": request}).data, status=status)


class OneExport(APIView):
    permission_classes = [MayAct]
    act = "exports.make"

    @extend_schema(responses=ExportSerializer, operation_id="exports_one")
    def get(self, request: Request, number: int) -> Response:
        """One export and its state; ask again until it is done."""
        return Response(ExportSerializer(log.one(person(request), number), context={"request": request}).data)


class ExportFile(APIView):
    permission_classes = [MayAct]
    act = "exports.make"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, operation_id="exports_file")
    def get(self, request: Request, number: int) -> HttpResponseBase:
        """The file, to who asked for it: CSV, or XLSX as it was asked for."""
        return sent(log.file(person(request), number))


class CancelExport(APIView):
    permission_classes = [MayAct]
    act = "exports.make"

    @extend_schema(request=Nothing, responses=ExportSerializer, operation_id="exports_cancel")
    def post(self, request: Request, number: int) -> Response:
        """Cancel a long export of yours that is not done yet; nothing of it stays."""
        matrix.require(request.user, "exports.make")
        by = by_of(request)
        body_of(request, Nothing)
        row = log.one(person(request), number)
        if not row.own:
            raise ExportNotFound()
        if row.work is None:
            raise work.AlreadyOver()
        work.cancel(by, number=row.work)
        return Response(ExportSerializer(log.one(person(request), number), context={"request": request}).data)
