"""Load the demo reserve into an empty trial."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.audit.refused import Refused
from reserve.demo import loading, people


class Command(BaseCommand):
    help = "Load a reserve to try things on: sites, materials, lots, orders, targets, people. Only in an empty trial."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when something is loaded already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and loading.holds_something():
            self.stdout.write("The database already holds people; the demo reserve is left as it is.")
            return
        try:
            created = loading.load(now=timezone.now(), mode=settings.MODE, tell=self.stdout.write)
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        file = settings.VAR_DIR / "demo-people.json"
        people.write(file, created)
        self.stdout.write("\nThe demo people (also in var/demo-people.json; shown once):\n")
        for name, (user, password) in created.items():
            self.stdout.write(f"  {name:8} {password:18} {user.roles[0]:14} {' '.join(user.site_codes)}")
