"""Runs one job now, in this process, without Celery."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.jobs import runs, schedule


class Command(BaseCommand):
    help = "Run one job now, in this process, and record the run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the job, such as jobs.sweep")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            run = runs.run(name, now=timezone.now())
        except schedule.UnknownJob as unknown:
            raise CommandError(str(unknown)) from None
        if run is None:
            raise CommandError(f"{name} is running already.")
        if not run.ok:
            raise CommandError(f"{name} failed: {run.error}")
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(f"{name}: {run.rows_seen} rows seen, {run.rows_changed} changed, {seconds:.1f} s")
