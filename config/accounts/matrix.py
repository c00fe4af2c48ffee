"""Who may do what: one table, read by pages, API, menus and tests (domain, section 6).

A cell says how far a role's right reaches: `OWN` the sites named on the person, `ALL` the whole reserve. No cell, no right.
Two-person rules stand with the act itself (config.approvals); this table says only who may take part at all.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from config.accounts.models import User


class Role(StrEnum):
    WAREHOUSE = "warehouse"
    PROCUREMENT = "procurement"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.WAREHOUSE: _("warehouse"),
    Role.PROCUREMENT: _("procurement"),
    Role.MANAGER: _("manager"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}


class Reach(StrEnum):
    OWN = "own"
    ALL = "all"


W, P, M, A, X = Role.WAREHOUSE, Role.PROCUREMENT, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR
OWN, ALL = Reach.OWN, Reach.ALL

ACTS: dict[str, dict[Role, Reach]] = {
    # lots, balances, movements
    "catalogue.see": {W: ALL, P: ALL, M: ALL, A: ALL, X: ALL},
    "catalogue.write": {X: ALL},
    "sites.write": {X: ALL},
    "lots.see": {W: OWN, P: ALL, M: ALL, A: ALL},
    "lots.receive": {W: OWN},
    "lots.transfer": {W: OWN},
    "lots.sample": {W: OWN},
    "lots.split": {W: OWN},
    "lots.retest": {W: OWN},
    "lots.assay": {W: OWN},
    "lots.accept": {W: OWN, M: ALL},
    "lots.thaw": {A: ALL},
    # acts that take two
    "requests.see": {
        W: OWN,
        P: ALL,
        M: ALL,
        A: ALL,
        X: ALL,
    },  # the list; of it, what requests.reserve and people.see say
    "requests.reserve": {W: OWN, P: ALL, M: ALL, A: ALL},
    "adjust.ask": {W: OWN, M: ALL},
    "adjust.approve": {M: ALL},
    "reverse.ask": {W: OWN, M: ALL},
    "reverse.approve": {M: ALL},
    "issue.ask": {W: OWN, P: ALL, M: ALL},
    "issue.approve": {M: ALL},
    # targets, shortfalls, reserve totals, the element page
    "positions.see": {W: OWN, P: ALL, M: ALL, A: ALL},
    "targets.see": {P: ALL, M: ALL, A: ALL},
    "targets.write": {P: ALL, M: ALL},  # to propose; a manager who did not propose it approves
    "targets.approve": {M: ALL},
    # flags
    "flags.see": {P: ALL, M: ALL, A: ALL},
    "flags.acknowledge": {P: ALL, M: ALL},
    "flags.assign": {M: ALL},
    "flags.waive": {M: ALL},
    # suppliers, orders, deliveries
    "suppliers.see": {P: ALL, M: ALL, A: ALL},
    "suppliers.write": {P: ALL},
    "orders.see": {P: ALL, M: ALL, A: ALL},
    "orders.write": {P: ALL},
    "orders.approve": {M: ALL},
    "deliveries.see": {W: OWN, P: ALL, M: ALL, A: ALL},
    "deliveries.receive": {W: OWN},
    # rotation
    "rotations.see": {W: OWN, P: ALL, M: ALL, A: ALL},
    "policies.write": {P: ALL, M: ALL},
    "policies.approve": {M: ALL},
    "policies.see": {P: ALL, M: ALL, A: ALL},
    # running the system
    "sites.see": {W: OWN, P: ALL, M: ALL, A: ALL},
    "commands.see": {M: ALL, A: ALL},
    "people.see": {A: ALL, X: ALL},
    "people.write": {X: ALL},
    "people.approve": {X: ALL},  # another administrator than who asked, and than whom it is about
    "tables.see": {X: ALL},  # Django's admin, read-only
    "jobs.see": {M: ALL, A: ALL, X: ALL},
    "jobs.run": {M: ALL, X: ALL},
}


class NotAllowed(Refused):
    code = "not_allowed"
    status = 403
    template = _("Your role does not allow this. Ask someone whose role does: {roles}.")


def reach(user: "User | AnonymousUser", act: str) -> Reach | None:
    """How far `user` may do `act`: ALL, OWN, or None. Raises KeyError for an act that the table does not know."""
    cells = ACTS[act]
    if not user.is_authenticated or not user.is_active:
        return None
    reaches = {cells[Role(role)] for role in user.roles if role in cells}
    return Reach.ALL if Reach.ALL in reaches else Reach.OWN if reaches else None


def permits(user: "User | AnonymousUser", act: str) -> bool:
    """True when the person may do the act somewhere."""
    return reach(user, act) is not None


def permits_at(user: "User | AnonymousUser", act: str, site_code: str) -> bool:
    """True when the person may do the act at this site."""
    found = reach(user, act)
    return found is Reach.ALL or (found is Reach.OWN and site_code in getattr(user, "site_codes", ()))


def require(user: "User | AnonymousUser", act: str) -> None:
    """Raise NotAllowed unless the person may do the act somewhere."""
    if not permits(user, act):
        raise NotAllowed(act=act, roles=", ".join(ACTS[act]) or "nobody")


def require_at(user: "User | AnonymousUser", act: str, site_code: str) -> None:
    """Raise NotAllowed unless the person may do the act at this site."""
    if not permits_at(user, act, site_code):
        raise NotAllowed(act=act, roles=", ".join(ACTS[act]) or "nobody")
