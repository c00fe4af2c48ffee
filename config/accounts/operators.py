"""What only an operator at the server's own console may do, where no administrator is there to do it on the pages."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.accounts import passwords
from config.accounts.matrix import Role
from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

ENOUGH = 2


class EnoughAdministrators(Refused):
    code = "enough_administrators"
    status = 409
    template = _("There are {count} administrators. One of them adds people on the page People, and another agrees.")


class BadPerson(Refused):
    code = "bad_person"
    status = 422
    template = _("{why}")


def add_administrator(*, by: By, username: str, name: str) -> str:
    """Add an administrator while there are fewer than two; their temporary password, which is in no record.

    Raises EnoughAdministrators, BadPerson.
    """
    temporary = passwords.invent(by.key)

    def act(opened: Opened) -> Answer:
        there = User.objects.select_for_update().filter(roles__contains=[Role.ADMINISTRATOR.value], is_active=True)
        if len(there) >= ENOUGH:
            raise EnoughAdministrators(count=len(there))
        try:
            person = User.objects.create_user(username, None, name=name, roles=[Role.ADMINISTRATOR.value])
        except ValidationError as wrong:
            raise BadPerson(why=" ".join(wrong.messages)) from None
        return passwords.give(person=person, temporary=temporary, by=opened)

    run(by, kind="accounts.add_administrator", request={"username": username, "name": name}, act=act)
    return temporary
