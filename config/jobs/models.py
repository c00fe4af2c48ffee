"""Work that waits in the database, and what became of each run of each job."""

from django.db import models
from django.db.models import Q


class Outbox(models.Model):
    """A piece of work that a write left behind, inserted in the write's own transaction.

    `due_at` is when it was promised and never moves; `retry_at` holds it back after a failure. So work that keeps
    failing grows overdue instead of looking patient.
    """

    topic = models.CharField(max_length=64)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True, blank=True)
    attempts = models.IntegerField(default=0, db_default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(default="", db_default="", blank=True)
    command_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="outbox_topic_is_named", condition=~Q(topic="")),
            models.CheckConstraint(name="outbox_attempts_not_negative", condition=Q(attempts__gte=0)),
            models.CheckConstraint(
                name="outbox_retry_follows_a_failure", condition=Q(retry_at__isnull=True) | Q(attempts__gt=0)
            ),
        ]
        indexes = [
            models.Index(name="outbox_waiting", fields=["due_at", "id"], condition=Q(done_at__isnull=True)),
            models.Index(name="outbox_done", fields=["done_at"], condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class JobRun(models.Model):
    """One run of one job, good or bad."""

    job = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    ok = models.BooleanField()
    rows_seen = models.BigIntegerField(default=0, db_default=0)
    rows_changed = models.BigIntegerField(default=0, db_default=0)
    error = models.TextField(default="", db_default="", blank=True)
    host = models.CharField(max_length=255, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_run_finishes_after_its_start", condition=Q(finished_at__gte=models.F("started_at"))
            ),
            models.CheckConstraint(
                name="job_run_is_bad_when_it_has_an_error",
                condition=Q(ok=True, error="") | (Q(ok=False) & ~Q(error="")),
            ),
            models.CheckConstraint(
                name="job_run_counts_not_negative", condition=Q(rows_seen__gte=0, rows_changed__gte=0)
            ),
        ]
        indexes = [
            models.Index(name="job_run_by_job", fields=["job", "-finished_at"]),
            models.Index(name="job_run_last_good", fields=["job", "-finished_at"], condition=Q(ok=True)),
        ]

    def __str__(self) -> str:
        return f"{self.job} at {self.started_at:%Y-%m-%d %H:%M}"


class StackStart(models.Model):
    """The moment somebody started the system: silence before it is no alarm."""

    started_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="stack_start_latest", fields=["-started_at"])]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
