"""Lists as {results, next, previous}. `next` and `previous` are addresses of pages, or null."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit import keyset
from config.audit.rest.fields import PlainText, StrictSerializer, Whole

LONGEST = 600
MOST = 200


class PageQuery(StrictSerializer):
    """What every list in pages takes."""

    cursor = PlainText(
        longest=LONGEST, default="", help_text="Leads to another page; take it from `next` or `previous`."
    )
    limit = Whole(least=1, most=MOST, text=True, default=keyset.SIZE, help_text=f"Rows on a page, at most {MOST}.")


def page(request: Request, found: keyset.Page[Any], serializer: type[serializers.BaseSerializer[Any]]) -> Response:
    """One page of a long list, each row as the serializer shows it."""
    return Response(
        {
            "results": serializer(found.rows, many=True).data,
            "next": _address(request, found.next),
            "previous": _address(request, found.previous),
        }
    )


def whole(results: Any) -> Response:
    """A list short enough to be sent whole, in the same clothes."""
    return Response({"results": results, "next": None, "previous": None})


def page_of(serializer: type[serializers.BaseSerializer[Any]], name: str) -> serializers.Serializer[Any]:
    """The page of these rows, for the schema."""
    return inline_serializer(
        name=name,
        fields={
            "results": serializer(many=True),
            "next": serializers.URLField(allow_null=True, help_text="Address of the next page."),
            "previous": serializers.URLField(allow_null=True, help_text="Address of the previous page."),
        },
    )


def _address(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
