"""Acts that take two people, over the API: asking, and deciding. What can be asked is registered by the apps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.views import APIView

from config.approvals import reads, requests
from config.approvals.models import Request
from config.audit.commands import Answer, By
from config.audit.rest import MayAct, Nothing, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Moment, OneOf, PlainText
from config.audit.rest.paging import PageQuery, page, page_of


@dataclass(frozen=True)
class Asking:
    """What the body of a request of one kind holds (beside `kind`), and the door that it goes through."""

    kind: str
    serializer: type[StrictSerializer]
    ask: Callable[..., Answer]


_askings: dict[str, Asking] = {}


def register(asking: Asking) -> None:
    """Let a kind of request be asked for over the API; called when the apps load."""
    _askings[asking.kind] = asking


class Note(StrictSerializer):
    note = PlainText(longest=1000, lines=True, default="", allow_blank=True)


class NeededNote(StrictSerializer):
    note = PlainText(longest=1000, lines=True, help_text="For the person who asked.")


class RequestsQuery(PageQuery):
    state = OneOf(choices=Request.State.values, default="")
    subject = PlainText(longest=120, default="", help_text="What the request is about: a lot number, a target.")


class DecisionSerializer(serializers.Serializer[Any]):
    who = serializers.CharField()
    on_behalf_of = serializers.CharField(help_text="Who has lent them the right; empty where it is their own.")
    agreed = serializers.BooleanField()
    note = serializers.CharField()
    decided_at = Moment()


class RequestSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.SerializerMethodField()
    subject = serializers.CharField()
    site = serializers.CharField(source="site_code")
    summary = serializers.CharField()
    reason = serializers.CharField()
    requester = serializers.CharField()
    asked_at = Moment()
    needed = serializers.IntegerField(help_text="How many people must agree.")
    agreed = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Request.State.values)
    settled_at = Moment(allow_null=True)
    decisions = DecisionSerializer(many=True)

    def get_kind(self, row: reads.RequestRow) -> str:
        return row.kind.rpartition(".")[2]


class DecidedSerializer(RequestSerializer):
    result = serializers.DictField(help_text="What was done, once enough people agreed; else empty.")


def _bodies() -> dict[str, Any]:
    return {kind: asking.serializer for kind, asking in _askings.items()}


class Requests(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(
        operation_id="requests_list", parameters=[RequestsQuery], responses=page_of(RequestSerializer, "RequestPage")
    )
    def get(self, request: Call) -> Response:
        """Requests that you may see, the latest first."""
        asked = query_of(request, RequestsQuery)
        cursor, size = asked.pop("cursor"), asked.pop("limit")
        found = reads.listing(user=person(request), cursor=cursor, size=size, **asked)
        return page(request, found, RequestSerializer)

    @extend_schema(
        operation_id="requests_create",
        request=PolymorphicProxySerializer("Ask", serializers=_bodies, resource_type_field_name="kind"),
        responses={201: RequestSerializer},
    )
    def post(self, request: Call) -> Response:
        """Ask for an act that takes another person (or two). It is done when enough of them have agreed."""
        by = by_of(request)
        asking = _asking(request.data)
        given = body_of(request, asking.serializer)
        given.pop("kind")
        answer = asking.ask(by=by, **given)
        row = reads.one(user=by.actor, request_id=answer["request"])
        return Response(RequestSerializer(row).data, status=status.HTTP_201_CREATED)


def _asking(body: Any) -> Asking:
    kind = body.get("kind") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in _askings:
        raise ValidationError({"kind": [f"Say what you ask for: one of {', '.join(sorted(_askings))}."]})
    return _askings[kind]


class OneRequest(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(operation_id="requests_retrieve", responses=RequestSerializer)
    def get(self, request: Call, pk: int) -> Response:
        """One request with the decisions on it."""
        return Response(RequestSerializer(reads.one(user=person(request), request_id=pk)).data)


def decided(by: By, pk: int, answer: Answer) -> Response:
    row = RequestSerializer(reads.one(user=by.actor, request_id=pk)).data
    return Response({**row, "result": answer.get("result", {})})


class Approve(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(operation_id="requests_approve", request=Note, responses={200: DecidedSerializer})
    def post(self, request: Call, pk: int) -> Response:
        """Agree. The last agreement needed does the act; if it cannot be done, the request stays as it was."""
        by = by_of(request)
        return decided(by, pk, requests.approve(by=by, request_id=pk, **body_of(request, Note)))


class Refuse(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(operation_id="requests_refuse", request=NeededNote, responses={200: DecidedSerializer})
    def post(self, request: Call, pk: int) -> Response:
        """Refuse for good, with a note for the person who asked."""
        by = by_of(request)
        return decided(by, pk, requests.refuse(by=by, request_id=pk, **body_of(request, NeededNote)))


class Withdraw(APIView):
    permission_classes = [MayAct]
    act = "requests.see"

    @extend_schema(operation_id="requests_withdraw", request=Nothing, responses={200: DecidedSerializer})
    def post(self, request: Call, pk: int) -> Response:
        """Take back your own request while it waits."""
        by = by_of(request)
        body_of(request, Nothing)
        return decided(by, pk, requests.withdraw(by=by, request_id=pk))
