"""How a person likes to see things: language, mass unit, density, columns. No fact of the reserve; kept on their own row."""

from typing import Any

from django.db import transaction

from config.accounts.models import User
from config.audit.refused import Refused

LARGEST = 20_000


class TooMuch(Refused):
    code = "too_much_to_keep"
    status = 422
    template = "This is more than can be kept for a person. Remove a view or a column choice first."


def get(user: Any, name: str, default: Any = None) -> Any:
    """The person's choice of this name, or `default`; nobody signed in has none. No query."""
    return getattr(user, "preferences", {}).get(name, default)


def put(*, user: User, name: str, value: Any) -> None:
    """Keep the person's choice, a JSON value; None forgets it. Raises TooMuch. The caller has checked name and value."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        kept = {key: item for key, item in row.preferences.items() if key != name}
        if value is not None:
            kept[name] = value
        if len(str(kept)) > LARGEST:
            raise TooMuch()
        row.preferences = kept
        row.save(update_fields=["preferences"])
    user.preferences = kept
