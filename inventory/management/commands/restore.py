"""manage.py restore: a backup into an empty database; exit 0 when it is whole there, 1 and a list when anything differs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from inventory.backups import manifest, restoring
from inventory.backups.programs import Failed


class Command(BaseCommand):
    help = "Restore a backup into an EMPTY database, compare it with its manifest and verify its ledger."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup, or a folder of backups, of which the newest is taken")
        parser.add_argument(
            "--database", metavar="NAME", help="an empty database on the same server; default: that of the settings"
        )

    def handle(self, *args: Any, folder: Path, database: str | None, **options: Any) -> None:
        name = database or str(connection.settings_dict["NAME"])
        source = manifest.newest(folder.absolute())
        if source is None:
            raise CommandError(f"There is no backup in {folder}.")
        try:
            differing = restoring.restore(source=source, database=name, progress=restoring.Progress(self.stdout.write))
        except Failed as failed:
            raise CommandError(str(failed)) from None
        for sentence in differing:
            self.stdout.write(f"  {sentence}")
        if differing:
            raise CommandError(f"{name} is NOT what was backed up, or does not hold together: {len(differing)} places.")
        self.stdout.write(
            self.style.SUCCESS(f"{name} is whole: all that was backed up, and its ledger holds together.")
        )
