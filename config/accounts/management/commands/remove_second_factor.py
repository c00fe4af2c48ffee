"""`manage.py remove_second_factor NAME`: for a person who has lost app, passkeys and recovery codes."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.accounts import factors
from config.accounts.models import User
from config.audit.commands import By


class Command(BaseCommand):
    help = (
        "Remove every second factor of a person and end their sessions. Recorded, with the reason. See that it is them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="Why, and how you know that it is them.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"].lower()).first()
        if person is None:
            raise CommandError(f"There is nobody called {options['username']}.")
        by = By(actor=User.objects.system(), key=uuid4(), now=timezone.now())
        done = factors.remove_all(by=by, person=person, reason=options["reason"])
        self.stdout.write(f"{done['factors_removed']} removed. {person.username} signs in with the password alone now.")
