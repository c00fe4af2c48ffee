"""The base of every refusal: named where it is raised, carrying its facts, saying what a person can do about it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Self

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.ui import figures


class Refused(Exception):
    """An act that the system does not do. Nothing of it is written; the attempt itself is.

    Subclasses set `code` (stable, for programs), `status` (HTTP), `template` (a sentence over the facts, translatable) and,
    where one form field is to blame, `field`. A person reads `message` in their own language; what is recorded and sent to
    programs is always English.
    """

    code = "refused"
    status = 409
    template: str | Promise = _("This cannot be done.")
    field = ""
    recorded = False  # True once a command has been written that tells of it

    def __init__(self, **facts: Any) -> None:
        self.given = facts
        with translation.override("en"):
            self.facts = {name: _plain(value) for name, value in facts.items()}
        super().__init__(self.code)

    @property
    def message(self) -> str:
        """The sentence in the language that is spoken now, its figures as that language writes them."""
        return str(self.template).format(**{name: _written(name, value) for name, value in self.given.items()})

    def __str__(self) -> str:
        return self.message

    def at(self, field: str) -> Self:
        """The same refusal, about this field: raise WrongPlace(...).at("origin")."""
        self.field = field
        return self

    def answer(self) -> dict[str, Any]:
        """The refusal as it is recorded and sent, in English: code, status, message, field, facts."""
        with translation.override("en"):
            message = self.message
        return {"code": self.code, "status": self.status, "message": message, "field": self.field, "facts": self.facts}


class RefusedBefore(Refused):
    """The same key was refused before: the first refusal, again."""

    def __init__(self, answer: dict[str, Any]) -> None:
        Exception.__init__(self, answer["message"])
        self.facts = self.given = answer["facts"]
        self._answer = answer
        self.code = answer["code"]
        self.status = answer["status"]
        self.field = answer["field"]

    @property
    def message(self) -> str:
        """The recorded sentence, or what it says in the language that is spoken now where its kind is still known."""
        recorded: str = self._answer["message"]
        for kind in _kinds(Refused):
            if kind.code == self.code:
                again = _rebuilt(kind, self.facts)
                if again and again.answer()["message"] == recorded:
                    return again.message
        return recorded

    def answer(self) -> dict[str, Any]:
        return self._answer


class Stale(Refused):
    code = "stale"
    status = 409
    template = _(
        "{what} was changed by somebody else since you opened it. Look at it again, then repeat what you still want."
    )


def _kinds(base: type[Refused]) -> Iterator[type[Refused]]:
    for kind in base.__subclasses__():
        if kind is not RefusedBefore:
            yield kind
            yield from _kinds(kind)


def _rebuilt(kind: type[Refused], facts: dict[str, Any]) -> Refused | None:
    again = kind.__new__(kind)
    Refused.__init__(again, **facts)
    try:
        return again if again.message else None
    except (KeyError, IndexError, ValueError):
        return None


def _written(name: str, value: Any) -> Any:
    """A fact as a person reads it: exact figures with the language's decimal mark."""
    if isinstance(value, Decimal):
        return figures.plain(format(value, "f"))
    return figures.plain(value) if isinstance(value, str) and name.endswith(("_kg", "_pct")) else value


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
