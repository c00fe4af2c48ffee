"""`manage.py wipe_trial`: delete the trial's data, for `make demo-reset`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import embedded


class Command(BaseCommand):
    help = "Delete the embedded servers' data and the demo people's file. For a trial only."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "trial" or not settings.EMBEDDED:
            raise CommandError("Only a trial on embedded servers can be wiped. Nothing was deleted.")
        embedded.wipe(settings.SERVERS_DIR)
        for path in [settings.VAR_DIR / "demo-people.json", *settings.VAR_DIR.glob("beat-schedule*")]:
            path.unlink(missing_ok=True)
        self.stdout.write(f"The trial's data in {settings.VAR_DIR} are deleted.")
