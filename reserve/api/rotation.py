"""The rotation schedule and its policies over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts.models import User
from config.audit.commands import By
from config.audit.rest import MayAct, Nothing, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, Moment, OneOf, PlainText, Whole, YesNo
from config.audit.rest.paging import PageQuery, page, page_of, whole
from inventory.shapes import Kg, RetestIn
from reserve import rotation
from reserve.models import Rotation, RotationPolicy
from reserve.rotation import RotationRow, Wanted, policies
from reserve.rotation.policies import MOST_AHEAD
from reserve.rotation.reads import OPEN, STATES


class RotationsQuery(PageQuery):
    state = OneOf(choices=STATES, default=OPEN, help_text="open: whatever is not finished.")
    site = PlainText(longest=16, default="")
    material = PlainText(longest=48, default="")
    driver = OneOf(choices=RotationPolicy.Driver.values, default="")
    method = OneOf(choices=RotationPolicy.Method.values, default="")
    due_from = Day(required=False, source="since", help_text="This day counts.")
    due_until = Day(required=False, source="until", help_text="This day counts.")


class RotationSerializer(serializers.Serializer[RotationRow]):
    """A row of the schedule as you may see it."""

    id = serializers.IntegerField()
    lot = serializers.CharField()
    material = serializers.CharField()
    sites = serializers.ListField(child=serializers.CharField(), help_text="Where the lot lies or is bound for.")
    condition = serializers.CharField()
    net_kg = Kg(source="net_mg", help_text="What lies at sites that you see, or lay when it was planned.")
    driver = serializers.ChoiceField(choices=RotationPolicy.Driver.values)
    method = serializers.ChoiceField(choices=RotationPolicy.Method.values)
    window_from = Day()
    due_on = Day()
    days_left = serializers.IntegerField(help_text="Negative when it is late.")
    state = serializers.ChoiceField(choices=Rotation.State.values)
    started_at = Moment(allow_null=True)
    started_by = serializers.CharField()
    finished_at = Moment(allow_null=True)
    result = serializers.CharField(help_text="What came of it; empty while it is open.")
    lot_due_on = Day(allow_null=True, help_text="The lot's own date now.")


class RetestSerializer(serializers.Serializer[rotation.RetestRow]):
    performed_on = Day()
    passed = serializers.BooleanField()
    previous_due_on = Day(allow_null=True)
    next_due_on = Day(allow_null=True)
    lab = serializers.CharField()
    note = serializers.CharField()
    recorded_by = serializers.CharField(source="who")


class RotationDetailSerializer(RotationSerializer):
    """One row with the retests of its lot, newest first."""

    retests = serializers.SerializerMethodField()

    @extend_schema_field(RetestSerializer(many=True))
    def get_retests(self, row: RotationRow) -> Any:
        return [dict(RetestSerializer(found).data) for found in rotation.retests(row=row)]


class PolicyIn(StrictSerializer):
    material = PlainText(longest=48)
    driver = OneOf(choices=RotationPolicy.Driver.values)
    method = OneOf(choices=RotationPolicy.Method.values)
    ahead_months = Whole(least=1, most=MOST_AHEAD)
    source = PlainText(longest=300, help_text="The rule or decision that it follows.")  # type: ignore[assignment]  # as below


class PolicyEndIn(StrictSerializer):
    reason = PlainText(longest=300)


class PoliciesQuery(StrictSerializer):
    ended = YesNo(default=False, help_text="Those that ended or were refused too.")


class PolicySerializer(serializers.Serializer[policies.PolicyRow]):
    id = serializers.IntegerField()
    material = serializers.CharField()
    driver = serializers.ChoiceField(choices=RotationPolicy.Driver.values)
    method = serializers.ChoiceField(choices=RotationPolicy.Method.values)
    ahead_months = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's source
    state = serializers.ChoiceField(choices=policies.STATES)
    proposed_by = serializers.CharField()
    approved_by = serializers.CharField(help_text="Empty until a second manager approved it.")
    approved_at = Moment(allow_null=True)
    request = serializers.IntegerField(allow_null=True, help_text="The request that waits for a second manager.")
    open_rows = serializers.IntegerField(help_text="Open rows of the schedule that follow it.")


class Rotations(APIView):
    permission_classes = [MayAct]
    act = "rotations.see"

    @extend_schema(
        operation_id="rotations_list",
        parameters=[RotationsQuery],
        responses=page_of(RotationSerializer, "RotationPage"),
    )
    def get(self, request: Request) -> Response:
        """What has to be tested or replaced, the earliest due first."""
        asked = query_of(request, RotationsQuery)
        cursor, size = asked.pop("cursor"), asked.pop("limit")
        today = timezone.now().date()
        found = rotation.rows(user=person(request), today=today, wanted=Wanted(**asked), cursor=cursor, size=size)
        return page(request, found, RotationSerializer)


class OneRotation(APIView):
    permission_classes = [MayAct]
    act = "rotations.see"

    @extend_schema(operation_id="rotations_retrieve", responses=RotationDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One row of the schedule."""
        return Response(_row(person(request), pk))


class RotationStart(APIView):
    permission_classes = [MayAct]
    act = "lots.retest"

    @extend_schema(operation_id="rotations_start", request=Nothing, responses={200: RotationDetailSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Take a row into work at your site."""
        by = by_of(request)
        body_of(request, Nothing)
        rotation.start(by=by, rotation_id=pk)
        return _done(by, pk)


class RotationRetest(APIView):
    permission_classes = [MayAct]
    act = "lots.retest"

    @extend_schema(operation_id="rotations_retest", request=RetestIn, responses={200: RotationDetailSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Record the retest that a row asks for. Passed, it moves the lot's date; failed, it suspends the lot."""
        by = by_of(request)
        rotation.record_retest(by=by, rotation_id=pk, **body_of(request, RetestIn))
        return _done(by, pk)


class RotationPolicies(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "policies.see", "POST": "policies.write"}

    @extend_schema(
        operation_id="rotation_policies_list",
        parameters=[PoliciesQuery],
        responses=page_of(PolicySerializer, "RotationPolicyPage"),
    )
    def get(self, request: Request) -> Response:
        """Policies in force, and those that wait for a second manager."""
        asked = query_of(request, PoliciesQuery)
        rows = policies.listing(user=person(request), ended=asked["ended"])
        return whole([dict(PolicySerializer(row).data) for row in rows])

    @extend_schema(operation_id="rotation_policies_create", request=PolicyIn, responses={201: PolicySerializer})
    def post(self, request: Request) -> Response:
        """Propose a policy. It counts once another manager approves its `request`."""
        by = by_of(request)
        answer = rotation.propose_policy(by=by, **body_of(request, PolicyIn))
        found = policies.one(user=by.actor, policy_id=answer["policy"])
        return Response(PolicySerializer(found).data, status=status.HTTP_201_CREATED)


class RotationPolicyEnd(APIView):
    permission_classes = [MayAct]
    act = "policies.write"

    @extend_schema(operation_id="rotation_policies_end", request=PolicyEndIn, responses={200: PolicySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Propose to end a policy in force. It ends once another manager approves its `request`."""
        by = by_of(request)
        rotation.end_policy(by=by, policy_id=pk, **body_of(request, PolicyEndIn))
        return Response(PolicySerializer(policies.one(user=by.actor, policy_id=pk)).data)


def _row(user: User, pk: int) -> dict[str, Any]:
    found = rotation.one(user=user, rotation_id=pk, today=timezone.now().date())
    return dict(RotationDetailSerializer(found).data)


def _done(by: By, pk: int) -> Response:
    return Response(_row(by.actor, pk))
