"""What only an operator at the server's own console may do, where no administrator is there to do it on the pages."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.accounts import passwords, people
from config.accounts.matrix import Role
from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

ENOUGH = 2


class TwoCanDoIt(Refused):
    code = "two_can_do_it"
    status = 409
    template = _(
        "{count} administrators beside {name} may sign in. Two of them give a temporary password on the pages."
    )


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
    temporary = passwords.invent(by)

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


def give_password(*, by: By, username: str, reason: str) -> str:
    """Give a person a temporary password while fewer than two others could do it on the pages; it is in no record.

    Raises PersonNotFound, TwoCanDoIt.
    """
    temporary = passwords.invent(by)

    def act(opened: Opened) -> Answer:
        person = User.objects.select_for_update().get(pk=people.one(username).id)
        able = User.objects.filter(roles__contains=[Role.ADMINISTRATOR.value], is_active=True).exclude(pk=person.pk)
        if able.count() >= ENOUGH:
            raise TwoCanDoIt(count=able.count(), name=person.name)
        return passwords.give(person=person, temporary=temporary, by=opened)

    run(by, kind="accounts.give_password", request={"person": username, "reason": reason}, act=act)
    return temporary
