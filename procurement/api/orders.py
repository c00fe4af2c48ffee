"""Orders over the API: written whole, then one route for each act of their life."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts.models import User
from config.audit import edge
from config.audit.commands import By
from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import OneOf, PlainText, Whole, YesNo
from config.audit.rest.paging import PageQuery, page, page_of
from procurement import orders
from procurement.api.order_shapes import OrderChange, OrderIn, OrderRowSerializer, OrderSerializer
from procurement.transitions import Act, State, needed


class OrdersQuery(PageQuery):
    state = OneOf(choices=State.values, default="")
    supplier = PlainText(longest=16, default="", help_text="Code of a supplier.")
    late = YesNo(default=False, help_text="Orders with a line past its promised day.")
    expiring = YesNo(default=False, help_text="Open orders whose money expires within 90 days.")
    search = PlainText(longest=80, default="", help_text="The beginning of the number, or part of the supplier's name.")
    flag = Whole(
        least=1, most=edge.MOST_ID, text=True, required=False, source="flag_id", help_text="Answering this flag."
    )


class ActIn(StrictSerializer):
    version = Whole(
        least=1,
        most=edge.MOST_VERSION,
        required=False,
        help_text="The version you saw; refused when it is another by now.",
    )


class ReasonedActIn(ActIn):
    reason = PlainText(longest=1000, lines=True)


class Orders(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "orders.see", "POST": "orders.write"}

    @extend_schema(
        operation_id="orders_list", parameters=[OrdersQuery], responses=page_of(OrderRowSerializer, "OrderPage")
    )
    def get(self, request: Request) -> Response:
        """Orders, the newest first."""
        asked = query_of(request, OrdersQuery)
        size = asked.pop("limit")
        found = orders.listing(person(request), today=timezone.now().date(), size=size, **asked)
        return page(request, found, OrderRowSerializer)

    @extend_schema(operation_id="orders_create", request=OrderIn, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        """Write a draft. Price and promised day may wait until it is submitted."""
        by = by_of(request)
        answer = orders.draft(by=by, **body_of(request, OrderIn))
        return _shown(by, answer["order"], status.HTTP_201_CREATED)


class Order(APIView):
    permission_classes = [MayAct]
    acts = {"GET": "orders.see", "PUT": "orders.write"}

    @extend_schema(operation_id="orders_retrieve", responses=OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """One order with its lines, deliveries and history; `acts` are what you may do with it now."""
        return Response(_order(person(request), number, timezone.now()))

    @extend_schema(operation_id="orders_update", request=OrderChange, responses=OrderSerializer)
    def put(self, request: Request, number: str) -> Response:
        """Write a draft anew, whole."""
        by = by_of(request)
        orders.edit(by=by, number=number, **body_of(request, OrderChange))
        return _shown(by, number)


class _OrderAct(APIView):
    """One act of the table: the subclass says which."""

    permission_classes = [MayAct]
    what: Act
    takes: type[ActIn] = ActIn

    @property
    def act(self) -> str:
        return needed(self.what)

    def do(self, request: Request, number: str) -> Response:
        by = by_of(request)
        orders.do(by=by, number=number, what=self.what, **body_of(request, self.takes))
        return _shown(by, number)


class Submit(_OrderAct):
    what = Act.SUBMIT

    @extend_schema(operation_id="orders_submit", request=ActIn, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Ask for approval of a draft. Every line needs its price and promised day."""
        return self.do(request, number)


class Approve(_OrderAct):
    what = Act.APPROVE

    @extend_schema(operation_id="orders_approve", request=ActIn, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Agree to a submitted order; never to one that you wrote or last edited."""
        return self.do(request, number)


class SendBack(_OrderAct):
    what = Act.SEND_BACK
    takes = ReasonedActIn

    @extend_schema(operation_id="orders_send_back", request=ReasonedActIn, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Make a submitted or approved order a draft again."""
        return self.do(request, number)


class Place(_OrderAct):
    what = Act.PLACE

    @extend_schema(operation_id="orders_place", request=ActIn, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Record that an approved order went to its supplier. From now on it is on order."""
        return self.do(request, number)


class Cancel(_OrderAct):
    what = Act.CANCEL
    takes = ReasonedActIn

    @extend_schema(operation_id="orders_cancel", request=ReasonedActIn, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Cancel what of an order has not been delivered. What was delivered stays, and the order is then received."""
        return self.do(request, number)


def _shown(by: By, number: str, code: int = status.HTTP_200_OK) -> Response:
    return Response(_order(by.actor, number, by.now), status=code)


def _order(user: User, number: str, now: datetime) -> dict[str, Any]:
    return dict(OrderSerializer(orders.one(user, number, today=now.date())).data)
