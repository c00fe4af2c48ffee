"""Browsers that a person has signed in with before: whoever guesses elsewhere does not lock the person out there."""

from django.conf import settings
from django.db import models


class KnownDevice(models.Model):
    """One person on one browser. Only the digest of the cookie is kept; deleting the row makes the browser a stranger."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    browser = models.CharField(max_length=200, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="known_device_once_per_person", fields=["user", "digest"])]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.browser or 'an unnamed browser'}"
