"""Who exported what, and what came of it, for ever; and the files, for a while."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from config.audit.models import append_only


class Export(models.Model):
    """One export that was asked for: who, which list, narrowed to what, which columns. Appended only.

    `filters` are words, `params` the same as an address; `file` names its bytes; `work` does it where it is long.
    """

    class Format(models.TextChoices):
        XLSX = "xlsx"
        CSV = "csv"
        PLAIN = "plain"

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    command_id = models.BigIntegerField()
    list = models.CharField(max_length=64)
    format = models.CharField(max_length=5, choices=Format)
    filters = models.TextField(blank=True)
    params = models.TextField(blank=True)
    columns = models.JSONField()
    language = models.CharField(max_length=8)
    file = models.UUIDField(unique=True)
    work = models.ForeignKey("jobs.Work", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="export_format_is_known", condition=Q(format__in=["xlsx", "csv", "plain"])),
        ]
        indexes = [models.Index(name="export_of_person", fields=["asked_by", "-id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.list} #{self.pk}"


class ExportFile(models.Model):
    """What an export came to: how many rows and bytes, their SHA-256, and under which rights. Appended only."""

    export = models.OneToOneField(Export, on_delete=models.PROTECT, related_name="made")
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    rights = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="export_file_counts_not_negative", condition=Q(rows__gte=0, size__gte=0)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.rows} rows"


class ExportChunk(models.Model):
    """A piece of a file, until it is cleared. In the database, so that every web host can send it."""

    file = models.UUIDField()
    number = models.IntegerField()
    data = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="export_chunk_stands_once", fields=["file", "number"])]
        indexes = [models.Index(name="export_chunk_by_moment", fields=["made_at"])]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"
