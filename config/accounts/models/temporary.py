"""Passwords that somebody else has set: good for a day, and for nothing but setting one's own."""

from django.conf import settings
from django.db import models


class TemporaryPassword(models.Model):
    """The person's present password is temporary. Gone once they have set their own."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_at}"
