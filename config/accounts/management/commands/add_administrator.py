"""`manage.py add_administrator NAME`: the first administrators, who then add everybody else on the pages."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.accounts import operators
from config.accounts.models import User
from config.audit.commands import By
from config.audit.refused import Refused


class Command(BaseCommand):
    help = "Add an administrator with a temporary password, which is printed once. For as long as there are fewer than two."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="As it stands in records, for example 'Ada Lovelace'.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = By(actor=User.objects.system(), key=uuid4(), now=timezone.now())
        try:
            temporary = operators.add_administrator(by=by, username=options["username"], name=options["name"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{options['username']} may sign in with this temporary password, within 24 hours, and sets their own then:"
        )
        self.stdout.write(temporary)
