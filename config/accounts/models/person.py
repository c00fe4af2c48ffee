"""People. Roles and sites stand on the person's own row: one read, and a change holds from the next request on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from config.accounts.matrix import ROLE_NAMES, Role
from config.audit.chain import registered

if TYPE_CHECKING:
    from config.accounts.loans import Loan

SYSTEM_USERNAME = "system"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; `roles` and `site_codes` are lists. Without a password nobody can sign in as them."""
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())

    def system(self) -> "User":
        """The actor of scheduled jobs: it holds no role and cannot sign in."""
        return self.get(username=SYSTEM_USERNAME)


class User(AbstractBaseUser, PermissionsMixin):
    username = models.SlugField("user name", max_length=64, unique=True)
    name = models.CharField("name", max_length=120)
    email = models.EmailField(blank=True)
    roles = ArrayField(
        models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role]), default=list, blank=True
    )
    site_codes = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    # How this person likes to see things (language, units, columns): read with the person, without another query.
    preferences = models.JSONField(default=dict, blank=True)

    # What others have lent to this person, as of the request that loaded them (config.accounts.loans); else nothing.
    loans: "Sequence[Loan]" = ()

    LEFT_OUT_OF_CHAIN = ("password", "last_login", "preferences")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_roles_are_known",
                condition=models.Q(roles__contained_by=[r.value for r in Role]),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered(leave_out=("password", "last_login", "preferences"))]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def role_names(self) -> list[str]:
        """The person's roles in the language that is spoken now."""
        return [str(ROLE_NAMES[Role(role)]) for role in self.roles]
