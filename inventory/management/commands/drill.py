"""manage.py drill: prove a backup in a scratch database; exit 0 when it is whole and works, 1 when not."""

import signal
import sys
import time
from argparse import ArgumentParser
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from config.jobs import backups as noted
from inventory.backups import drilling, making, manifest
from inventory.backups.programs import Failed
from inventory.backups.restoring import Progress


class Command(BaseCommand):
    help = "Restore the newest backup into a scratch database, verify it, sign in there, drop it, and note the result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BACKUP_DIR,
            help="a backup, or a folder of backups, of which the newest is taken; default: BACKUP_DIR",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        now, began = timezone.now(), time.monotonic()
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # stopped, it still drops the scratch database
        try:
            error = self._drill(folder.absolute())
        finally:
            signal.signal(signal.SIGTERM, before)
        with suppress(Error) if error else nullcontext():  # the database may be what is away
            noted.note(noted.DRILL, began_at=now, took=timedelta(seconds=time.monotonic() - began), error=error)
        if error:
            raise CommandError(error)
        self.stdout.write(
            self.style.SUCCESS("The backup is whole, its ledger holds together, and people can work in it.")
        )

    def _drill(self, folder: Path) -> str:
        """What is wrong, or nothing."""
        try:
            source = manifest.newest(folder) or making.make(into=folder, now=timezone.now()).folder
            differing = drilling.drill(source=source, progress=Progress(self.stdout.write))
        except Failed as failed:
            return str(failed)
        for sentence in differing:
            self.stdout.write(f"  {sentence}")
        return f"The backup {source.name} is NOT whole: it differs in {len(differing)} places." if differing else ""
