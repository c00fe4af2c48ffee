"""manage.py backup: a dump and its manifest, whole or not at all."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from config.jobs import backups as noted
from inventory.backups import making
from inventory.backups.programs import Failed


class Command(BaseCommand):
    help = "Back the database up into a folder of its own: a dump, and a manifest that says what the ledger was in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", metavar="DIR", type=Path, default=settings.BACKUP_DIR, help="default: BACKUP_DIR")
        parser.add_argument(
            "--keep", metavar="N", type=_some, help="then remove all good backups there but the newest N"
        )

    def handle(self, *args: Any, to: Path, keep: int | None, **options: Any) -> None:
        now, began = timezone.now(), time.monotonic()
        try:
            made = making.make(into=to.absolute(), now=now, keep=keep)
        except Failed as failed:
            took = timedelta(seconds=time.monotonic() - began)
            with suppress(Error):  # the database may be what is away
                noted.note(noted.BACKUP, began_at=now, took=took, error=str(failed))
            raise CommandError(str(failed)) from None
        took = timedelta(seconds=time.monotonic() - began)
        noted.note(noted.BACKUP, began_at=now, took=took, rows=made.rows)
        for old in made.removed:
            self.stdout.write(f"Removed {old}.")
        size = f"{made.size:,} bytes, {made.rows:,} rows"
        self.stdout.write(self.style.SUCCESS(f"Backed up to {made.folder} ({size}, {took.total_seconds():.1f} s)."))


def _some(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ArgumentTypeError("how many to keep is a number from 1 on")
    return int(text)
