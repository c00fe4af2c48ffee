"""Flags over the API: what is short, who acts, and the acts themselves."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, Moment, OneOf, PlainText
from config.audit.rest.paging import page_of, whole
from inventory.shapes import Kg
from reserve import flags
from reserve.flags.reads import EventRow, FlagRow

STATES = ("open", "acknowledged", "waived", "closed", "all")
SEVERITIES = ("minor", "major", "critical")


class FlagsQuery(StrictSerializer):
    state = OneOf(choices=STATES, default="", help_text="Left out: all that are not closed.")
    severity = OneOf(choices=SEVERITIES, default="")
    owner = PlainText(longest=64, default="", help_text="A user name.")


class FlagSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["shortfall", "ledger"])
    target = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(help_text="What is short, in words.")
    material = serializers.CharField()
    element = serializers.CharField()
    form = serializers.CharField()
    site = serializers.CharField(help_text="Empty: the whole reserve.")
    basis = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES[:4])
    severity = serializers.ChoiceField(choices=SEVERITIES)
    owner = serializers.CharField(source="owner_username", help_text="A user name; empty while nobody has it.")
    note = serializers.CharField()
    opened_at = Moment()
    updated_at = Moment(help_text="Send it as `seen_at`, and a flag that changed meanwhile is refused (409).")
    closed_at = Moment(allow_null=True)
    waived_until = Day(allow_null=True)
    reopened = serializers.IntegerField(help_text="How often it came back within 30 days.")
    required_kg = Kg(source="required_mg")
    eligible_kg = Kg(source="eligible_mg")
    short_kg = Kg(source="short_mg")
    on_order_kg = Kg(source="on_order_mg")


class FlagEventSerializer(serializers.Serializer[Any]):
    act = serializers.CharField()
    who = serializers.CharField()
    note = serializers.CharField()
    happened_at = Moment()


class FlagDetailSerializer(FlagSerializer):
    opening = serializers.DictField(
        child=serializers.JSONField(), help_text="What was found at opening, frozen; masses in mg, as text."
    )
    events = FlagEventSerializer(many=True, help_text="Oldest first.")


class WaitsSerializer(FlagDetailSerializer):
    request = serializers.IntegerField(help_text="The request that waits for another manager.")


class SeenBody(StrictSerializer):
    seen_at = Moment(required=False, help_text="`updated_at` of the flag as you saw it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        seen_at = attrs.pop("seen_at", None)
        return {**attrs, "seen_at": seen_at.isoformat()} if seen_at else attrs


class AcknowledgeBody(SeenBody):
    note = PlainText(longest=1000, lines=True, help_text="What will be done.")


class AssignBody(SeenBody):
    owner = PlainText(longest=64, help_text="User name of an active person in procurement or management.")
    note = PlainText(longest=1000, lines=True, default="")


class WaiveBody(SeenBody):
    until = Day(help_text="A day after today and within a year.")
    note = PlainText(longest=1000, lines=True, help_text="Why it is accepted.")


class Flags(APIView):
    permission_classes = [MayAct]
    act = "flags.see"

    @extend_schema(operation_id="flags_list", parameters=[FlagsQuery], responses=page_of(FlagSerializer, "FlagPage"))
    def get(self, request: Request) -> Response:
        """Flags, worst and oldest first, at most 500; those not closed unless asked otherwise."""
        rows = flags.listing(user=person(request), **query_of(request, FlagsQuery))
        return whole(FlagSerializer(rows, many=True).data)


class OneFlag(APIView):
    permission_classes = [MayAct]
    act = "flags.see"

    @extend_schema(operation_id="flags_one", responses=FlagDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One flag with its opening and what happened to it."""
        return Response(shown(*flags.one(user=person(request), flag_id=pk)))


class Acknowledge(APIView):
    permission_classes = [MayAct]
    acts: ClassVar[dict[str, str]] = {"POST": "flags.acknowledge"}

    @extend_schema(operation_id="flags_acknowledge", request=AcknowledgeBody, responses=FlagDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take the flag on, and say what will be done."""
        by = by_of(request)
        flags.acknowledge(by=by, flag_id=pk, **body_of(request, AcknowledgeBody))
        return Response(shown(*flags.one(user=by.actor, flag_id=pk)))


class Assign(APIView):
    permission_classes = [MayAct]
    acts: ClassVar[dict[str, str]] = {"POST": "flags.assign"}

    @extend_schema(operation_id="flags_assign", request=AssignBody, responses=FlagDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Give the flag to a person in procurement or management."""
        by = by_of(request)
        flags.assign(by=by, flag_id=pk, **body_of(request, AssignBody))
        return Response(shown(*flags.one(user=by.actor, flag_id=pk)))


class Waive(APIView):
    permission_classes = [MayAct]
    acts: ClassVar[dict[str, str]] = {"POST": "flags.waive"}

    @extend_schema(
        operation_id="flags_waive", request=WaiveBody, responses={200: FlagDetailSerializer, 202: WaitsSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Accept the shortfall until a day. For a critical one a request waits for another manager (202)."""
        by = by_of(request)
        answer = flags.waive(by=by, flag_id=pk, **body_of(request, WaiveBody))
        found = shown(*flags.one(user=by.actor, flag_id=pk))
        if "request" in answer:
            return Response({**found, "request": answer["request"]}, status=status.HTTP_202_ACCEPTED)
        return Response(found)


def shown(flag: FlagRow, events: list[EventRow]) -> dict[str, Any]:
    """A flag whole, as the API sends it."""
    return {
        **FlagSerializer(flag).data,
        "opening": flag.opening,
        "events": FlagEventSerializer(events, many=True).data,
    }
