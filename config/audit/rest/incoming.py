"""What a view takes in: who asks under which key, a checked body, a checked query."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from config.accounts.models import User
from config.audit import edge
from config.audit.commands import By
from config.audit.rest.fields import MAX_ECHO, StrictSerializer


class KeyNeeded(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = (
        "Send an Idempotency-Key header with a UUID, and the same one again when you resend the same request."
    )
    default_code = "idempotency_key_needed"


def person(request: Request) -> User:
    """The signed-in person. Permission classes let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def by_of(request: Request) -> By:
    """Who asks, under the request's Idempotency-Key, now. Raises KeyNeeded (400) without a well-formed one."""
    try:
        key = edge.key(request.headers.get("Idempotency-Key"))
    except edge.NotPlain:
        raise KeyNeeded() from None
    return By(actor=person(request), key=key, now=timezone.now())


def body_of(request: Request, serializer: type[StrictSerializer], **about: Any) -> dict[str, Any]:
    """The request's body as the serializer reads it. Raises ValidationError (422), ParseError (400), 413, 415.

    The serializer's context has the `user`, and what `about` names.
    """
    return _checked(serializer, request.data, user=request.user, **about)


def query_of(request: Request, serializer: type[StrictSerializer]) -> dict[str, Any]:
    """The request's query as the serializer reads it: unknown and repeated names are refused (422), empty ones left out."""
    return _checked(serializer, _once(request.query_params))


def _checked(serializer: type[StrictSerializer], data: Any, **context: Any) -> dict[str, Any]:
    form = serializer(data=data, context=context)
    form.is_valid(raise_exception=True)
    found: dict[str, Any] = form.validated_data
    return found


def _once(query: QueryDict) -> dict[str, str]:
    twice = {name[:MAX_ECHO]: ["Give this once."] for name, values in query.lists() if len(values) > 1}
    if twice:
        raise ValidationError(twice)
    return {name: value for name, value in query.items() if isinstance(value, str) and value}
