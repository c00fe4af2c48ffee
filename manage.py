#!/usr/bin/env python
"""Administrative commands. In a trial, the embedded servers run for as long as the command does."""

import os
import sys

# Commands that ask nothing of the database, and `up`, which first looks whether it may run at all.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "up",
    "version",
    "wipe_trial",
}


def needs_database(arguments: list[str]) -> bool:
    """Say whether a command line needs a running database."""
    command = arguments[0] if arguments else "help"
    if command in WITHOUT_DATABASE or command.startswith("-"):
        return "--database" in arguments
    if command == "makemigrations":
        return not {"--check", "--dry-run"} & set(arguments)
    return not {"--help", "-h", "--version"} & set(arguments)


def run(arguments: list[str]) -> None:
    """Run one command between starting and leaving the servers it needs."""
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from config import embedded
    from config.celery_app import app as celery_app  # noqa: F401 - or `.delay()` would use a default broker

    if settings.EMBEDDED and needs_database(arguments[1:]):
        embedded.ensure(settings.SERVERS_DIR)
    try:
        execute_from_command_line(arguments)
    finally:
        if settings.EMBEDDED:
            embedded.release(settings.SERVERS_DIR)


def main() -> None:
    """Run the command line, telling people in a sentence what they can mend."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured

    from config.embedded import Unavailable

    try:
        run(sys.argv)
    except (Unavailable, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
