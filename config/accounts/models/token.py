"""Tokens of programs: what a person called each, how long it lasts, and when it was last used. Only its digest is kept."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from knox.models import AbstractAuthToken

LONGEST = timedelta(days=366)


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # Knox has no types
    """One program of one person. A token that another token made ends with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    created = models.DateTimeField()
    expiry = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    maker = models.ForeignKey("self", on_delete=models.CASCADE, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="token_ends_within_a_year",
                condition=Q(expiry__gt=F("created")) & Q(expiry__lte=F("created") + LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token_key}… of {self.user_id}"
