"""The API's edge: closed unless opened, strict JSON in, problems out, one key for each write."""

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts import matrix
from config.audit import edge
from config.audit.commands import By
from config.audit.refused import Refused
from django.utils import timezone

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from rest_framework.views import APIView

MAX_BODY = 1_048_576
MAX_DEPTH = 20
MAX_DIGITS = 40
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class Denied(BasePermission):
    """The default: a route that declares nothing is open to nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class MayAct(BasePermission):
    """Opens a view to whoever may do `view.acts[method]` (or `view.act`) somewhere; doors check where."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        acts = getattr(view, "acts", {})
        act = acts.get(request.method, getattr(view, "act", None))
        return act is not None and matrix.permits(request.user, act)


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than 1 MiB."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """JSON without duplicate keys, NaN, depth over 20 or bodies over 1 MiB. Numbers with a point become Decimal."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise TooLarge()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        _check_depth(text)
        try:
            return json.loads(
                text,
                object_pairs_hook=_no_duplicates,
                parse_float=_decimal,
                parse_int=_integer,
                parse_constant=_no_constant,
            )
        except (json.JSONDecodeError, RecursionError):
            raise ParseError("The body is not JSON.") from None


def _check_depth(text: str) -> None:
    depth = 0
    for token in _STRUCTURE.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("The body names a key twice.")
    return found


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS or "e" in text.lower():
        raise ParseError("A number is written with too many digits or an exponent. Write masses as text, like \"12.5\".")
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ParseError("A number has too many digits.")
    return int(text)


def _no_constant(text: str) -> Any:
    raise ParseError(f"{text} is not a number.")


class KeyNeeded(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_needed"


def by_of(request: Request) -> By:
    """Who asks, under the request's Idempotency-Key, now. Raises KeyNeeded (400) when the header is missing or malformed."""
    try:
        key = edge.key(request.headers.get("Idempotency-Key"))
    except edge.NotPlain:
        raise KeyNeeded(
            "Send an Idempotency-Key header with a UUID; use the same key again when you resend the same request."
        ) from None
    return By(actor=request.user, key=key, now=timezone.now())


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as application/problem+json: type, title, status, code, message, facts."""
    from rest_framework.views import set_rollback  # as above

    set_rollback()
    if isinstance(exc, Refused):
        answer = exc.answer()
        return _problem(answer["status"], answer["code"], answer["message"], answer["facts"], answer["field"])
    if isinstance(exc, Http404):
        return _problem(404, "not_found", "There is nothing here that you may see.", {})
    if isinstance(exc, PermissionDenied):
        return _problem(403, "not_allowed", "Your role does not allow this.", {})
    if isinstance(exc, ValidationError):
        return _problem(422, "invalid", "Some fields cannot be accepted as they are.", {"fields": exc.detail})
    if isinstance(exc, APIException):
        response = _problem(exc.status_code, str(getattr(exc, "default_code", "error")), str(exc.detail), {})
        if header := getattr(exc, "auth_header", None):
            response["WWW-Authenticate"] = header
        return response
    return None


def _problem(code: int, name: str, message: str, facts: dict[str, Any], field: str = "") -> Response:
    body = {"type": "about:blank", "title": name, "status": code, "code": name, "message": message, "facts": facts}
    if field:
        body["field"] = field
    return Response(body, status=code, content_type="application/problem+json")
