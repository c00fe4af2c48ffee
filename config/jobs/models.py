"""Work that waits in the database, and what became of each run of each job."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class Work(models.Model):
    """Something long that a person asked for, done by a worker while they may watch it, leave it or cancel it.

    `done` counts up to `total` (null while nobody knows how much there is); `doing` says at what it is; `seen_at` is when
    its worker last spoke. `result` is what its kind keeps of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=64)
    about = models.JSONField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0, db_default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    done = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField(null=True, blank=True)
    doing = models.CharField(max_length=200, default="", db_default="", blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(default="", db_default="", blank=True)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="work_state_is_known",
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="work_ends_when_it_is_over",
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="work_says_why_it_failed", condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed")
            ),
            models.CheckConstraint(
                name="work_done_is_not_cancelled",
                condition=~Q(state="done") | Q(cancel_asked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="work_progress_not_negative",
                condition=Q(done__gte=0, attempts__gte=0) & (Q(total__isnull=True) | Q(total__gte=0)),
            ),
        ]
        indexes = [
            models.Index(
                name="work_under_way", fields=["asked_at", "id"], condition=Q(state__in=["waiting", "running"])
            ),
            models.Index(name="work_of_person", fields=["asked_by", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
