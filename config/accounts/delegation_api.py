"""Delegations over the API: who decides for whom, lending and ending."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts import delegations, loans
from config.accounts.matrix import LENDABLE
from config.accounts.people_api import moment_of
from config.audit.rest import MayAct, Nothing, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, DayOrMoment, Moment, OneOf, PlainText
from config.audit.rest.paging import PageQuery, page, page_of


class DelegationsQuery(PageQuery):
    state = OneOf(choices=loans.STATES, default="", help_text="As of today, UTC; what ended early is over.")
    person = PlainText(longest=64, default="", help_text="User name of the lender or the borrower.")
    as_of = DayOrMoment(required=False, help_text="Those that counted at the end of a day (UTC), or at a moment.")


class DelegationIn(StrictSerializer):
    borrower = PlainText(longest=64, help_text="User name of who decides in your place.")
    acts = serializers.ListField(child=OneOf(choices=sorted(LENDABLE)), max_length=len(LENDABLE))
    from_on = Day(help_text="The first day, UTC.")
    until_on = Day(help_text="The last day, UTC; at most 90 days in all.")
    reason = PlainText(longest=1000, lines=True)


class DelegationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lender = serializers.CharField()
    lender_name = serializers.CharField()
    borrower = serializers.CharField()
    borrower_name = serializers.CharField()
    acts = serializers.ListField(child=serializers.CharField())
    from_on = Day()
    until_on = Day()
    reason = serializers.CharField()
    made_at = Moment()
    ended_at = Moment(allow_null=True)
    ended_why = serializers.CharField()


def _one(by: Any, number: int) -> dict[str, Any]:
    return dict(DelegationSerializer(loans.one(user=by.actor, number=number)).data)


class Delegations(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "delegations.see", "POST": "delegations.lend"}

    @extend_schema(
        operation_id="delegations_list",
        parameters=[DelegationsQuery],
        responses=page_of(DelegationSerializer, "DelegationPage"),
    )
    def get(self, request: Request) -> Response:
        """Your own, or everybody's where you oversee; the latest first."""
        asked, now = query_of(request, DelegationsQuery), timezone.now()
        given, cursor, size = asked.pop("as_of", None), asked.pop("cursor"), asked.pop("limit")
        asked["at"] = (moment_of(given) or now) if given else None
        found = loans.listing(user=person(request), today=now.date(), cursor=cursor, size=size, **asked)
        return page(request, found, DelegationSerializer)

    @extend_schema(operation_id="delegations_create", request=DelegationIn, responses={201: DelegationSerializer})
    def post(self, request: Request) -> Response:
        """Lend approvals of your own role to another person, from one day to another."""
        by = by_of(request)
        answer = delegations.lend(by=by, **body_of(request, DelegationIn))
        return Response(_one(by, answer["delegation"]), status=status.HTTP_201_CREATED)


class EndDelegation(APIView):
    permission_classes = [MayAct]
    act = "delegations.see"

    @extend_schema(operation_id="delegations_end", request=Nothing, responses={200: DelegationSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """End one that you lend, or give back one that is lent to you."""
        by = by_of(request)
        body_of(request, Nothing)
        return Response(_one(by, delegations.end(by=by, delegation_id=pk)["delegation"]))
