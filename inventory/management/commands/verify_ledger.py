"""manage.py verify_ledger: exit 0 when the ledger holds together, 1 and a list when anything differs."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory import verification
from inventory.verification import anchors


class Command(BaseCommand):
    help = (
        "Recompute balances, positions, every day, chains, commands and anchors from the facts. Names, never repairs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", action="store_true", help="if all holds, anchor what is new")
        parser.add_argument("--anchor-out", metavar="FILE", help="write every anchor to FILE, one line of JSON each")
        parser.add_argument("--against", metavar="FILE", help="compare with anchors that were sent off the machine")

    def handle(self, *args: Any, anchor: bool, anchor_out: str | None, against: str | None, **options: Any) -> None:
        tally, found, began = verification.Tally(), 0, time.monotonic()
        exported = _read(against) if against else []
        with verification.snapshot():
            for label in verification.CHECKS:
                found += self._report(label, verification.one(label, tally))
            if against:
                found += self._report("Exported anchors are here", list(anchors.against(iter(exported), tally)))
        for what, rows in tally.rows.items():
            self.stdout.write(f"  {rows:>12,} {what}")
        seconds = f"{time.monotonic() - began:.1f} s"
        if anchor and not found and (number := verification.make_anchor(now=timezone.now())):
            self.stdout.write(f"Anchor {number} made.")
        if anchor_out:
            sent = list(anchors.lines())
            _write(anchor_out, sent)
            self.stdout.write(f"{len(sent)} anchors written to {anchor_out}.")
        if found:
            raise CommandError(f"The ledger differs in {found} places ({seconds}).", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"The ledger holds together ({seconds})."))

    def _report(self, label: str, differences: list[verification.Difference]) -> int:
        self.stdout.write(f"{label}: {f'{len(differences)} differences' if differences else 'yes'}")
        for difference in differences:
            self.stdout.write(f"  {difference}")
        return len(differences)


def _read(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from None


def _write(name: str, lines: list[str]) -> None:
    try:
        Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror}.", returncode=2) from None
