"""People over the API: who they are, what they may do and could do, and changing it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts import access, grants, membership, people
from config.accounts.people import PeopleFilters
from config.audit import edge
from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, query_of
from config.audit.rest.fields import DayOrMoment, Moment, OneOf, PlainText
from config.audit.rest.paging import page_of, whole

SEEN = "The `seen` of the person as you read them; refused when they are another by now."


class PeopleQuery(StrictSerializer):
    role = PlainText(longest=16, default="")
    site = PlainText(longest=16, default="")
    state = OneOf(choices=["active", "disabled", "troubled"], default="")
    search = PlainText(longest=80, default="", help_text="Part of the name, the user name or the e-mail.")
    as_of = DayOrMoment(required=False, help_text="A day (its end, UTC) or a moment that has passed.")


def _words(longest: int, **options: Any) -> serializers.ListField:
    return serializers.ListField(child=PlainText(longest=longest), max_length=200, **options)


class AccessIn(StrictSerializer):
    roles = _words(16, help_text="As they shall be. What is missing ends at once; what is new waits.")
    sites = _words(16, help_text="Codes of sites, as they shall be.")
    seen = PlainText(longest=32, help_text=SEEN)
    reason = PlainText(longest=1000, lines=True)


class PersonIn(StrictSerializer):
    username = PlainText(longest=64, help_text="Small letters, digits, hyphens and underscores; it stays.")
    name = PlainText(longest=120)
    email = PlainText(longest=254, default="", allow_blank=True)
    roles = _words(16, default=list)
    sites = _words(16, default=list)
    reason = PlainText(longest=1000, lines=True)


class PersonChange(StrictSerializer):
    name = PlainText(longest=120)
    email = PlainText(longest=254, allow_blank=True)
    seen = PlainText(longest=32, help_text=SEEN)


class Why(StrictSerializer):
    reason = PlainText(longest=1000, lines=True)


class PersonSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    sites = serializers.ListField(child=serializers.CharField(), source="site_codes")
    is_active = serializers.BooleanField(help_text="false: may not sign in.")
    date_joined = Moment()
    last_login = Moment(allow_null=True, help_text="null too where the list is as of another moment.")
    seen = serializers.CharField(help_text="Send it back with a change.")


class ChangedSerializer(PersonSerializer):
    request = serializers.IntegerField(allow_null=True, help_text="The request that waits for another administrator.")
    taken = serializers.ListField(child=serializers.CharField(), help_text="Roles and sites that ended at once.")


def moment_of(asked: date | None) -> datetime | None:
    """The moment of a day or moment that was asked for; today is now. Raises InTheFuture, BadMoment."""
    if asked is None or isinstance(asked, datetime):
        return edge.not_ahead(asked, now=timezone.now()) if asked else None
    ends, now = datetime.combine(asked + timedelta(days=1), time(), tzinfo=UTC), timezone.now()
    return None if ends > now >= ends - timedelta(days=1) else edge.not_ahead(ends, now=now)


def _changed(answer: dict[str, Any], code: int = status.HTTP_200_OK) -> Response:
    row = PersonSerializer(people.one(answer["person"])).data
    return Response({**row, "request": answer.get("request"), "taken": answer.get("taken", [])}, status=code)


class People(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "people.see", "POST": "people.write"}

    @extend_schema(
        operation_id="people_list", parameters=[PeopleQuery], responses=page_of(PersonSerializer, "PersonPage")
    )
    def get(self, request: Request) -> Response:
        """Everybody with their roles and sites, now or as of a moment that has passed; the list is whole."""
        asked = query_of(request, PeopleQuery)
        at, filters = moment_of(asked.pop("as_of", None)), PeopleFilters(**asked)
        rows = access.as_of(at=at, filters=filters) if at else people.listing(filters)
        return whole(PersonSerializer(rows, many=True).data)

    @extend_schema(operation_id="people_create", request=PersonIn, responses={201: ChangedSerializer})
    def post(self, request: Request) -> Response:
        """Add a person. Their roles and sites hold when another administrator has agreed to `request`."""
        return _changed(membership.add(by=by_of(request), **body_of(request, PersonIn)), status.HTTP_201_CREATED)


class Person(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "people.see", "PUT": "people.write"}

    @extend_schema(operation_id="people_retrieve", responses=PersonSerializer)
    def get(self, request: Request, username: str) -> Response:
        """One person."""
        return Response(PersonSerializer(people.one(username)).data)

    @extend_schema(operation_id="people_update", request=PersonChange, responses=ChangedSerializer)
    def put(self, request: Request, username: str) -> Response:
        """What a person is called, and their address."""
        by = by_of(request)
        return _changed(membership.edit(by=by, person=username, **body_of(request, PersonChange)))


class PersonAccess(APIView):
    permission_classes = [MayAct]
    act = "people.write"

    @extend_schema(operation_id="people_access", request=AccessIn, responses={200: ChangedSerializer})
    def post(self, request: Request, username: str) -> Response:
        """Roles and sites as they shall be. What is taken away ends at once; what is new waits for another administrator."""
        by = by_of(request)
        return _changed(grants.change(by=by, person=username, **body_of(request, AccessIn)))


class PersonDisable(APIView):
    permission_classes = [MayAct]
    act = "people.write"

    @extend_schema(operation_id="people_disable", request=Why, responses={200: ChangedSerializer})
    def post(self, request: Request, username: str) -> Response:
        """Shut a person out at once; their sessions and tokens end for good."""
        by = by_of(request)
        return _changed(grants.disable(by=by, person=username, **body_of(request, Why)))


class PersonEnable(APIView):
    permission_classes = [MayAct]
    act = "people.write"

    @extend_schema(operation_id="people_enable", request=Why, responses={200: ChangedSerializer})
    def post(self, request: Request, username: str) -> Response:
        """Propose to let a person in again; another administrator has to agree."""
        by = by_of(request)
        return _changed(grants.enable(by=by, person=username, **body_of(request, Why)))
