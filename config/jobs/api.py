"""The jobs over the API: how each stands. Read only."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct
from config.audit.rest.fields import Moment
from config.audit.rest.paging import page_of, whole
from config.jobs import status


class LastRunSerializer(serializers.Serializer[Any]):
    started_at = Moment()
    finished_at = Moment()
    ok = serializers.BooleanField()
    rows_seen = serializers.IntegerField()
    rows_changed = serializers.IntegerField()
    error = serializers.CharField(help_text="Empty after a good run.")
    host = serializers.CharField()


class JobSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's label
    rhythm = serializers.CharField(help_text="How often it runs, in words.")
    last_run = LastRunSerializer(source="last", allow_null=True)
    next_due_at = Moment(allow_null=True, help_text="Null when it is due now.")
    overdue = serializers.BooleanField()
    late_by = serializers.DurationField(allow_null=True, help_text="Null unless overdue, and where it never ran.")


class JobList(APIView):
    permission_classes = [MayAct]
    act = "jobs.see"

    @extend_schema(responses=page_of(JobSerializer, "JobPage"), operation_id="jobs_list")
    def get(self, request: Request) -> Response:
        """Every job with its last run, overdue ones first."""
        return whole(JobSerializer(status.rows(now=timezone.now()), many=True).data)
