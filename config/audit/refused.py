"""The base of every refusal: named where it is raised, carrying its facts, saying what a person can do about it."""

from decimal import Decimal
from typing import Any, Self


class Refused(Exception):
    """An act that the system does not do. Nothing of it is written; the attempt itself is.

    Subclasses set `code` (stable, for programs), `status` (HTTP), `template` (a sentence over the facts) and, where one
    form field is to blame, `field`.
    """

    code = "refused"
    status = 409
    template = "This cannot be done."
    field = ""
    recorded = False  # True once a command has been written that tells of it

    def __init__(self, **facts: Any) -> None:
        self.facts = {name: _plain(value) for name, value in facts.items()}
        self.message = self.template.format(**facts)
        super().__init__(self.message)

    def at(self, field: str) -> Self:
        """The same refusal, about this field: raise WrongPlace(...).at("origin")."""
        self.field = field
        return self

    def answer(self) -> dict[str, Any]:
        """The refusal as it is recorded and sent: code, status, message, field, facts."""
        return {
            "code": self.code,
            "status": self.status,
            "message": self.message,
            "field": self.field,
            "facts": self.facts,
        }


class RefusedBefore(Refused):
    """The same key was refused before: the first refusal, again."""

    def __init__(self, answer: dict[str, Any]) -> None:
        Exception.__init__(self, answer["message"])
        self.facts = answer["facts"]
        self.message = answer["message"]
        self._answer = answer
        self.code = answer["code"]
        self.status = answer["status"]
        self.field = answer["field"]

    def answer(self) -> dict[str, Any]:
        return self._answer


class Stale(Refused):
    code = "stale"
    status = 409
    template = (
        "{what} was changed by somebody else since you opened it. Look at it again, then repeat what you still want."
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)
