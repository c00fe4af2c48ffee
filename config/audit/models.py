"""What was asked of the system, by whom, and what came of it; and the chain of everything that is not a lot's."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

no_truncate = pgtrigger.Trigger(
    name="no_truncate",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'no_truncate: rows of % are never removed', TG_TABLE_NAME;",
)
append_only = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete), no_truncate]


class Command(models.Model):
    """One attempt to write: idempotency record and audit log in one. Appended only."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    kind = models.CharField(max_length=64)
    site_code = models.CharField(max_length=16, blank=True)
    request = models.JSONField()
    fingerprint = models.BinaryField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    answer = models.JSONField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="command_key_once_per_actor", fields=["actor", "key"]),
            models.CheckConstraint(
                name="command_outcome_is_known", condition=models.Q(outcome__in=["done", "refused"])
            ),
        ]
        indexes = [models.Index(name="command_by_moment", fields=["-recorded_at", "-id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class RegistryFact(models.Model):
    """A change of something that is not a lot's: people, sites, materials, targets, orders. One numbered chain.

    Rows are written by triggers only (`audit_chain_registry`), and their hash by a BEFORE INSERT trigger.
    """

    seq = models.BigIntegerField(unique=True)
    subject = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    act = models.CharField(max_length=6)
    body = models.TextField()
    command_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        indexes = [models.Index(name="registry_fact_by_subject", fields=["subject", "subject_id", "seq"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="linked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "record")],
                func=r"""
                    SELECT seq, hash INTO last FROM audit_registryfact ORDER BY seq DESC LIMIT 1;
                    NEW.seq := coalesce(last.seq, 0) + 1;
                    NEW.hash := sha256(convert_to(concat_ws(E'\n', coalesce(encode(last.hash, 'hex'), ''),
                        NEW.seq, NEW.subject, NEW.subject_id, NEW.act, NEW.body, coalesce(NEW.command_id::text, ''),
                        to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), 'UTF8'));
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.subject} {self.subject_id}"
