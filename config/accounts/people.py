"""The people of the system with their roles and sites. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from config.accounts.matrix import Role
from config.accounts.models import SYSTEM_USERNAME, User


@dataclass(frozen=True)
class PersonRow:
    """One person. `roles` and `site_codes` hold from their next request on; `last_login` is None until they came."""

    username: str
    name: str
    email: str
    roles: list[str]
    site_codes: list[str]
    is_active: bool
    date_joined: datetime
    last_login: datetime | None

    @property
    def trouble(self) -> str:
        """What is missing for this person to work, or ""."""
        if not self.is_active:
            return ""
        if not self.roles:
            return "no role"
        return "no site" if Role.WAREHOUSE in self.roles and not self.site_codes else ""


def names() -> list[tuple[str, str]]:
    """User name and name of everybody who can stand in a record, by name, the system's own actor too; one query."""
    return list(User.objects.order_by("name").values_list("username", "name"))


def listing() -> list[PersonRow]:
    """Everybody, by name; one query. Who calls has asked for `people.see`. The system's own actor is not a person."""
    columns = ("username", "name", "email", "roles", "site_codes", "is_active", "date_joined", "last_login")
    rows = User.objects.exclude(username=SYSTEM_USERNAME).order_by("-is_active", "name", "username")
    return [PersonRow(*line) for line in rows.values_list(*columns)]
