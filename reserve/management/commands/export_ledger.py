"""manage.py export_ledger: the whole ledger in one file, for docs/recompute.py or another's own check."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reserve import ledger_export


class Command(BaseCommand):
    help = (
        "Write every fact, chain and anchor, and what the database says they come to, as lines of JSON:"
        " docs/ledger-export.md. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", metavar="FILE", help="where to; ledger-DAY.jsonl here if not given")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def handle(self, *args: Any, out: str | None, force: bool, **options: Any) -> None:
        now, began = timezone.now(), time.monotonic()
        path = Path(out or f"ledger-{now:%Y-%m-%d}.jsonl")
        if path.exists() and not force:
            raise CommandError(f"{path} is there already; name another file, or add --force.", returncode=2)
        try:
            written = ledger_export.write(path=path, now=now)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from None
        size, seconds = f"{written.bytes / 1_000_000:,.1f} MB", f"{time.monotonic() - began:.1f} s"
        self.stdout.write(self.style.SUCCESS(f"{written.lines:,} lines written to {path} ({size}, {seconds})."))
        self.stdout.write(
            "It holds the whole reserve: every figure, target, order and person. Keep it as you keep the database,"
            " and delete it when the check is done."
        )
