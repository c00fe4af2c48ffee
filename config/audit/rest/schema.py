"""The API's OpenAPI description: every write asks for its key, every operation may answer with a problem."""

from typing import Any, ClassVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework import serializers

from config.audit.rest.problems import MEDIA_TYPE

READS = frozenset({"GET", "HEAD"})
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="One for each act. Sent again with the same body it gives the first answer; with another body, 422.",
)


def inline_enums(result: Any, **_: Any) -> Any:
    """Leave the words of a choice where they are used. As parts of their own they would need a name each, over all apps."""
    if isinstance(result, dict):
        result.pop("x-spec-enum-id", None)
        for part in result.values():
            inline_enums(part)
    elif isinstance(result, list):
        for part in result:
            inline_enums(part)
    return result


class ProblemSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="What is wrong, and what you can do about it.")
    facts = serializers.DictField(help_text="What the message is about. `fields` names the fields that were refused.")
    field = serializers.CharField(required=False, help_text="The one field to blame, where there is one.")


class Schema(AutoSchema):
    """A view without keys on its writes says `keyed = False`."""

    problems: ClassVar[dict[str, str]] = {
        "400": "The request cannot be read, or the Idempotency-Key is missing or malformed.",
        "401": "No valid token or session.",
        "403": "Your role does not allow this.",
        "404": "There is no such thing that you may see.",
        "409": "It cannot be done as things stand; the message says why.",
        "422": "Something in the request is refused by name.",
    }

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self.method not in READS and getattr(self.view, "keyed", True):
            found.append(KEY)
        return found

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        found = super()._get_response_bodies(direction)
        for code, words in self.problems.items():
            if code not in found and not (code == "409" and self.method in READS):
                found[code] = {**self._problem(code, direction), "description": words}
        return dict(sorted(found.items()))

    def _problem(self, code: str, direction: Direction) -> Any:
        respond: Any = self._get_response_for_code
        return respond(ProblemSerializer, code, [MEDIA_TYPE], direction)
