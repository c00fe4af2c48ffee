"""Every error of the API as application/problem+json (RFC 9457): type, title, status, code, message, facts."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from config.accounts.matrix import NotAllowed
from config.audit import attempts
from config.audit.refused import Refused

MEDIA_TYPE = "application/problem+json"
SCHEME = "Token"
_SHOWN = 3


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The API's exception handler. None, and so a 500, for what is nobody's fault but ours."""
    if isinstance(exc, NotAllowed) and context.get("request"):
        attempts.record(context["request"], exc, now=timezone.now())
    body = _body_of(exc)
    if body is None:
        return None
    if context.get("request"):  # the schema is written in YAML too, a problem never
        asked = context["request"]
        asked.accepted_renderer, asked.accepted_media_type = JSONRenderer(), MEDIA_TYPE
    response = Response(body, status=body["status"], content_type=MEDIA_TYPE)
    if body["status"] == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = SCHEME
    if "retry_after_s" in body["facts"]:
        response["Retry-After"] = str(body["facts"]["retry_after_s"])
    return response


def plain(status: int, code: str, message: str) -> JsonResponse:
    """A problem from outside a view of the API."""
    return JsonResponse(body(status, code, message), status=status, content_type=MEDIA_TYPE)


def body(status: int, code: str, message: str, facts: dict[str, Any] | None = None, field: str = "") -> dict[str, Any]:
    """The members of a problem; `field` only where one field of the request is to blame."""
    found = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "message": message,
        "facts": facts or {},
    }
    return {**found, "field": field} if field else found


def _body_of(exc: Exception) -> dict[str, Any] | None:
    match exc:
        case Refused():
            answer = exc.answer()
            return body(answer["status"], answer["code"], answer["message"], answer["facts"], answer["field"])
        case Http404():
            return body(404, "not_found", "There is nothing here that you may see.")
        case PermissionDenied():
            return body(403, "not_allowed", "Your role does not allow this.")
        case SuspiciousOperation():
            return body(400, "bad_request", "The request cannot be read.")
        case exceptions.ValidationError():
            return _invalid(exc.detail)
        case exceptions.APIException():
            return body(exc.status_code, str(getattr(exc, "default_code", "error")), str(exc.detail))
    return None


def _invalid(detail: Any) -> dict[str, Any]:
    """One sentence for people, and under `facts.fields` what is wrong with each field."""
    fields = detail if isinstance(detail, dict) else {"body": detail}
    sentences = list(_sentences(fields, ""))
    more = len(sentences) - _SHOWN
    message = " ".join(sentences[:_SHOWN]) + (f" And {more} more." if more > 0 else "")
    only = next(iter(fields)) if len(fields) == 1 else ""
    return body(422, "invalid", message, {"fields": fields}, "" if only == "body" else only)


def _sentences(detail: Any, path: str) -> Iterator[str]:
    if isinstance(detail, dict):
        for name, part in detail.items():
            yield from _sentences(part, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for number, part in enumerate(detail):
            yield from _sentences(part, f"{path}.{number}" if isinstance(part, dict | list) else path)
    else:
        yield f"{path}: {detail}"
