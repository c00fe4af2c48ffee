"""`manage.py temporary_password NAME`: where fewer than two other administrators are there to give one on the pages."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.accounts import operators
from config.accounts.models import User
from config.audit.commands import By
from config.audit.refused import Refused


class Command(BaseCommand):
    help = "Give a person a temporary password, which is printed once. For as long as fewer than two others could."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="Why, and how you know that it is them.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = By(actor=User.objects.system(), key=uuid4(), now=timezone.now())
        try:
            temporary = operators.give_password(by=by, username=options["username"], reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{options['username']} may sign in with this temporary password, within 24 hours, and sets their own then:"
        )
        self.stdout.write(temporary)
