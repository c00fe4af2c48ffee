"""`python -m inventory.backups.working DATABASE`: start the application on a scratch database and let somebody sign in."""

import os
import re
import secrets
import sys

import django
from django.conf import settings

PAGE = "/sign-in/"


def main(database: str) -> None:
    """Ask the probes, make a person with a password that nobody sees, sign in as them, and open their desk.

    Ends with a sentence where any of it does not come out as it should. Writes into this database only.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.db import connection
    from django.test import Client

    from config.accounts.models import User

    get_internal_wsgi_application()  # with all that the web process loads
    connection.settings_dict["NAME"] = database
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    headers = {"host": host, "referer": f"https://{host}{PAGE}", "x-forwarded-proto": "https", "x-forwarded-for": "::1"}
    client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers)
    _expect("/livez", client.get("/livez", secure=True).status_code, 200)
    if (health := client.get("/healthz", secure=True).json()["status"]) not in ("ok", "overdue"):
        sys.exit(f"/healthz says {health!r}.")
    name, password = f"drill-{secrets.token_hex(4)}", secrets.token_urlsafe(24)
    User.objects.create_user(name, password, name="Drill", roles=["procurement"])
    form = client.get(PAGE, secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    given = {"username": name, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    _expect("Signing in", client.post(PAGE, given, secure=True).status_code, 303)
    _expect("The desk of who signed in", client.get("/", secure=True).status_code, 200)


def _expect(what: str, status: int, expected: int) -> None:
    if status != expected:
        sys.exit(f"{what} answered {status}, not {expected}.")


if __name__ == "__main__":
    main(sys.argv[1])
