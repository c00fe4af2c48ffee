"""The role table in words, for the page that shows it. Made from the table; nothing is written here a second time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.accounts.matrix import ACTS, ROLE_NAMES, TABLE, Act, Reach, Role, Roles
from config.accounts.ties import TIE_NAMES, Tie


@dataclass(frozen=True)
class Line:
    """One act: how far each of the roles shown reaches ("" for not at all), who is kept from it, how many it takes ("": one)."""

    name: str
    label: str | Promise
    cells: list[tuple[str, str]]
    apart: str
    takes: str


@dataclass(frozen=True)
class Group:
    label: str | Promise
    lines: list[Line]


def table(roles: Collection[Role]) -> list[Group]:
    """The table with the columns of these roles, and of its rows those that one of them may do."""
    groups = [
        Group(label, [_line(name, act, roles) for name, act in acts.items() if set(roles) & set(act.roles)])
        for label, acts in TABLE.items()
    ]
    return [group for group in groups if group.lines]


def heads(roles: Collection[Role]) -> list[str]:
    """The columns' heads."""
    return [capfirst(str(ROLE_NAMES[role])) for role in roles]


def _line(name: str, act: Act, roles: Collection[Role]) -> Line:
    cells = [(head, _reach(act, role)) for head, role in zip(heads(roles), roles, strict=True)]
    return Line(name, act.label, cells, _apart(act), _takes(act))


def _reach(act: Act, role: Role) -> str:
    return {Reach.OWN: _("own sites"), Reach.ALL: _("everywhere"), None: ""}[act.roles.get(role)]


def _apart(act: Act) -> str:
    if act.only:
        return _("only {who}").format(who=_or(act.only))
    said = [_("another than {who}").format(who=_or(act.apart_from))] if act.apart_from else []
    return "; ".join([*said, *([_("may be lent for some days")] if act.lent_to else [])])


def _or(ties: Iterable[Tie]) -> str:
    return _(" or ").join(str(TIE_NAMES[tie]) for tie in ties)


def _takes(act: Act) -> str:
    if not act.then:
        return str(act.people) if act.people > 1 else ""
    people = ACTS[act.then].people
    words = ngettext("1, and {count} other who agrees ({roles})", "1, and {count} others who agree ({roles})", people)
    said = words.format(count=people, roles=Roles(act.then))
    return _("{said}, when it is critical").format(said=said) if act.then_if_severe else said
