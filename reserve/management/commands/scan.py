"""Flag what is below target, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.jobs import runs


class Command(BaseCommand):
    help = "Open, update and close flags by the present shortfalls; the scheduled job calls the same."

    def handle(self, *args: Any, **options: Any) -> None:
        run = runs.run("reserve.scan_shortfalls", now=timezone.now())
        if run is None:
            self.stdout.write("Another scan is under way; nothing more to do.")
        else:
            self.stdout.write(f"{run.rows_seen} targets seen, {run.rows_changed} flags changed.")
