"""Targets over the API: what is set here counts once another manager has approved the request that waits."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.audit import edge
from config.audit.rest import MayAct, StrictSerializer, body_of, by_of, person, query_of
from config.audit.rest.fields import Day, Moment, OneOf, PlainText, Whole, YesNo
from config.audit.rest.paging import page_of, whole
from inventory.shapes import Kg, KgIn
from reserve import targets
from reserve.targets import TargetIn


class TargetsQuery(StrictSerializer):
    ended = YesNo(default=False, help_text="Ended targets too.")


class TargetSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    material = serializers.CharField(source="material_code", allow_null=True)
    element = serializers.CharField(source="element_symbol", allow_null=True)
    form = serializers.CharField(source="form_code", allow_null=True)
    site = serializers.CharField(source="site_code", allow_null=True, help_text="Null: the whole reserve.")
    basis = serializers.ChoiceField(choices=["net", "contained"])
    rule = serializers.ChoiceField(choices=["mass", "days"])
    required_kg = Kg(source="required_mg")
    days = serializers.IntegerField(allow_null=True)
    daily_use_kg = Kg(source="daily_use_mg", allow_null=True)
    use_basis = serializers.CharField(help_text="Whose use the days are of, averaged over what, from which source.")
    floor_kg = Kg(source="floor_mg", allow_null=True)
    only_compliant = serializers.BooleanField()
    effective_from = Day()
    effective_to = Day(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the serializer's source
    state = serializers.SerializerMethodField(help_text="proposed, to come, in force, ended")
    proposed_by = serializers.CharField(source="proposed_by_username")
    approved_by = serializers.CharField(source="approved_by_username", allow_null=True)
    approved_at = Moment(allow_null=True)
    version = serializers.IntegerField(help_text="Send it with a change.")

    def get_state(self, row: dict[str, Any]) -> str:
        return targets.state(row, today=timezone.now().date())


class ProposedSerializer(TargetSerializer):
    request = serializers.IntegerField(help_text="The request that waits for another manager.")


class TargetBody(StrictSerializer):
    """A material (net), or an element in a form (contained); a mass, or days of a stated daily use."""

    material = PlainText(longest=48, default="")
    element = PlainText(longest=24, default="")
    form = PlainText(longest=32, default="")
    basis = OneOf(choices=["net", "contained"])
    site = PlainText(longest=16, default="")
    required_kg = KgIn(required=False)
    days = Whole(least=1, most=3660, required=False)
    daily_use_kg = KgIn(required=False)
    use_basis = PlainText(longest=300, default="")
    floor_kg = KgIn(required=False)
    only_compliant = YesNo(default=False)
    effective_from = Day()
    source = PlainText(longest=300)  # type: ignore[assignment]  # a field of that name, not the serializer's source

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _in_mg(attrs, "required_kg", "daily_use_kg", "floor_kg")


class ChangeBody(StrictSerializer):
    """What is left out stays as it is."""

    version = Whole(least=1, most=edge.MOST_VERSION, help_text="Of the target as you saw it.")
    required_kg = KgIn(required=False)
    days = Whole(least=1, most=3660, required=False)
    floor_kg = KgIn(required=False)
    effective_to = Day(required=False)
    reason = PlainText(longest=1000, lines=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _in_mg(attrs, "required_kg", "floor_kg")


class ChangeAskedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    request = serializers.IntegerField(help_text="The request that waits for another manager.")


def _in_mg(attrs: dict[str, Any], *names: str) -> dict[str, Any]:
    masses = {f"{name.removesuffix('_kg')}_mg": attrs.pop(name).mg for name in names if name in attrs}
    return {**attrs, **masses}


class Targets(APIView):
    permission_classes = [MayAct]
    acts: ClassVar[dict[str, str]] = {"GET": "targets.see", "POST": "targets.write"}

    @extend_schema(
        operation_id="targets_list",
        parameters=[TargetsQuery],
        responses=page_of(TargetSerializer, "TargetPage"),
    )
    def get(self, request: Request) -> Response:
        """Targets by element and material; the list is whole."""
        ended = query_of(request, TargetsQuery)["ended"]
        rows = targets.listing(user=person(request), ended_before=None if ended else timezone.now().date())
        return whole(TargetSerializer(rows, many=True).data)

    @extend_schema(operation_id="targets_propose", request=TargetBody, responses={201: ProposedSerializer})
    def post(self, request: Request) -> Response:
        """Propose a target. It counts once another manager has approved the request."""
        by = by_of(request)
        answer = targets.propose(by=by, target=TargetIn(**body_of(request, TargetBody)))
        row = targets.one(user=by.actor, target_id=answer["target"])
        shown = ProposedSerializer({**row, "request": answer["request"]}).data
        return Response(shown, status=status.HTTP_201_CREATED)


class OneTarget(APIView):
    permission_classes = [MayAct]
    acts: ClassVar[dict[str, str]] = {"GET": "targets.see", "PATCH": "targets.write"}

    @extend_schema(operation_id="targets_one", responses=TargetSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One target."""
        return Response(TargetSerializer(targets.one(user=person(request), target_id=pk)).data)

    @extend_schema(operation_id="targets_change", request=ChangeBody, responses={202: ChangeAskedSerializer})
    def patch(self, request: Request, pk: int) -> Response:
        """Ask for another level, floor or end. It counts once another manager has approved the request."""
        answer = targets.change(by=by_of(request), target_id=pk, **body_of(request, ChangeBody))
        shown = ChangeAskedSerializer({"id": answer["target"], "request": answer["request"]}).data
        return Response(shown, status=status.HTTP_202_ACCEPTED)
