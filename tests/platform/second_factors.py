"""People with a second factor, set up as they would: on the pages, with the code that their app shows."""

import re
from base64 import b32decode
from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.pages import Person, text
from tests.world import PASSWORD

APP = "/second-factor/app/"


def shows(secret: str, now: datetime, *, step: int = 0) -> str:
    """The code that an app with this secret shows, `step` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30 + step))


def confirm(person: Person, password: str = PASSWORD):
    return person.post("/confirm-password/", {"password": password})


def secret_on(html: str) -> str:
    (typed,) = re.findall(r"<code>([A-Z2-7 ]{20,})</code>", html)
    assert len(b32decode(typed.replace(" ", ""))) == 20
    return typed.replace(" ", "")


def set_up_app(person: Person, now: datetime) -> tuple[str, list[str]]:
    """Set up an app as this person; the secret, and the recovery codes that came with it."""
    confirm(person)
    secret = secret_on(person.get(APP))
    answer = person.send(APP, APP, code=shows(secret, now))
    assert answer.status_code == 200, text(answer.content.decode())
    return secret, codes_on(answer.content.decode())


def codes_on(html: str) -> list[str]:
    return re.findall(r"<code>(\d{10})</code>", html)
