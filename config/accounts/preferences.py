"""How a person likes to see things: language, mass unit, density, columns. No fact of the reserve; kept on their own row."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.refused import Refused

LARGEST = 20_000
MASS_UNITS = ("kg", "t", "g", "lb")


class TooMuch(Refused):
    code = "too_much_to_keep"
    status = 422
    template = _("This is more than can be kept for a person. Remove a view or a column choice first.")


class UnknownChoice(Refused):
    code = "unknown_choice"
    status = 422
    template = _("{value} cannot be chosen here. Choose one of these: {offered}.")


def get(user: Any, name: str, default: Any = None) -> Any:
    """The person's choice of this name, or `default`; nobody signed in has none. No query."""
    return getattr(user, "preferences", {}).get(name, default)


def put(*, user: User, name: str, value: Any) -> None:
    """Keep the person's choice, a JSON value; None forgets it. Raises TooMuch. The caller has checked name and value."""
    change(user=user, name=name, to=lambda _kept: value)


def change(*, user: User, name: str, to: Callable[[Any], Any]) -> None:
    """Make the person's choice of this name what `to` says of the kept one, with their row locked: two at once follow each
    other. None forgets it. Raises TooMuch, and whatever `to` refuses."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        kept = {key: item for key, item in row.preferences.items() if key != name}
        value = to(row.preferences.get(name))
        if value is not None:
            kept[name] = value
        if len(str(kept)) > LARGEST:
            raise TooMuch()
        row.preferences = kept
        row.save(update_fields=["preferences"])
    user.preferences = kept


def language(user: Any) -> str:
    """The language that the person chose, or "" where the browser's counts. No query."""
    kept = get(user, "language")
    return kept if kept in dict(settings.LANGUAGES) else ""


def mass_unit(user: Any) -> str:
    """The unit in which the person reads masses that have none of their own: kg where none was chosen. No query."""
    kept = get(user, "mass_unit")
    return kept if kept in MASS_UNITS else "kg"


def choose(*, user: User, language: str = "", mass_unit: str = "") -> None:
    """Keep the language and the mass unit that are given; "" leaves one as it is. Raises UnknownChoice, and keeps neither."""
    languages = tuple(code for code, _name in settings.LANGUAGES)
    given = (("language", language, languages), ("mass_unit", mass_unit, MASS_UNITS))
    for name, value, offered in given:
        if value and value not in offered:
            raise UnknownChoice(value=value[:40], offered=", ".join(offered)).at(name)
    for name, value, _offered in given:
        if value:
            put(user=user, name=name, value=value)
