"""Runs the work that waits in the outbox, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.jobs import outbox


class Command(BaseCommand):
    help = "Run the outbox rows that are due, once, in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = outbox.sweep(now=timezone.now())
        self.stdout.write(f"{counts.seen} rows due, {counts.changed} done")
