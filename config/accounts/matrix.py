"""Who may do what: one table, read by pages, API, menus, lists of what waits, and tests (domain, section 6).

A cell says how far a role's right reaches: `OWN` the sites named on the person, `ALL` the whole reserve. No cell, no right.
Beside it stands who is kept from the act by a hand they have in the thing already, how many people it takes, and which
act of others must follow before it counts. The database proves the same (constraints and triggers of each table).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts.ties import (
    AboutYourself,
    AlreadyDecided,
    Hands,
    LenderTied,
    NotForYourself,
    NotYours,
    NotYourself,
    OwnOrder,
    OwnReceipt,
    OwnRequest,
    StoodFor,
    Tie,
    Tied,
    TookPart,
)
from config.audit.refused import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from config.accounts.loans import Loan
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


Refusals = Mapping[Tie, type[Tied]]


@dataclass(frozen=True)
class Act:
    """One row: what it is in words, how far each role's right reaches, and who else it takes.

    `apart_from`: whoever has one of these hands in the thing may not do it, and is told so. `only`: nobody else may.
    `people`: how many must do it before it is done. `then`: the act that others must do before this one counts, always or
    only when the matter is severe. `lent_to`: it may be lent for some days to who does this act by a role of their own.
    `emergency`: who may do this act does the thing without the others, on record, and is reviewed.
    """

    label: str | Promise
    roles: Mapping[Role, Reach]
    apart_from: Refusals = field(default_factory=dict)
    only: Refusals = field(default_factory=dict)
    people: int = 1
    then: str = ""
    then_if_severe: bool = False
    lent_to: str = ""
    emergency: str = ""


W, P, M, A, X = Role.WAREHOUSE, Role.PROCUREMENT, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR
OWN, ALL = Reach.OWN, Reach.ALL
AGREEING: Refusals = {Tie.ASKED: OwnRequest, Tie.DECIDED: AlreadyDecided, Tie.STOOD_FOR: StoodFor}
GRANTING: Refusals = {Tie.ABOUT: AboutYourself, **AGREEING}
REVIEWING: Refusals = dict.fromkeys((Tie.BROKE_GLASS, Tie.ASKED, Tie.DECIDED, Tie.STOOD_FOR), TookPart)

# The rows of domain section 6, in its order; then what every one of them needs.
TABLE: dict[str | Promise, dict[str, Act]] = {
    _("Lots, balances, movements"): {
        "catalogue.see": Act(_("See materials"), {W: ALL, P: ALL, M: ALL, A: ALL, X: ALL}),
        "sites.see": Act(_("See sites and their places"), {W: OWN, P: ALL, M: ALL, A: ALL}),
        "lots.see": Act(_("See lots, balances and movements"), {W: OWN, P: ALL, M: ALL, A: ALL}),
        "positions.see": Act(_("See what is held, by material and element"), {W: OWN, P: ALL, M: ALL, A: ALL}),
        "rotations.see": Act(_("See the rotation schedule"), {W: OWN, P: ALL, M: ALL, A: ALL}),
    },
    _("Targets, shortfalls, reserve totals"): {
        "targets.see": Act(_("See targets, shortfalls and reserve totals"), {P: ALL, M: ALL, A: ALL}),
    },
    _("Work with lots"): {
        "lots.receive": Act(_("Receive a lot"), {W: OWN}),
        "lots.transfer": Act(_("Move a lot"), {W: OWN}),
        "lots.sample": Act(_("Take a sample"), {W: OWN}),
        "lots.split": Act(_("Split a lot"), {W: OWN}),
        "lots.count": Act(_("Count a lot"), {W: OWN}),
        "lots.retest": Act(_("Record a retest"), {W: OWN}),
        "lots.assay": Act(_("Record an assay"), {W: OWN}),
    },
    _("Condition of a lot"): {
        "lots.accept": Act(_("Accept, hold or reject a lot"), {W: OWN, M: ALL}, apart_from={Tie.RECEIVED: OwnReceipt}),
        "lots.thaw": Act(_("Let a frozen lot go once it is verified"), {A: ALL}),
    },
    _("Adjustments, reversals, issues"): {
        "adjust.ask": Act(_("Ask for an adjustment"), {W: OWN, M: ALL}, then="adjust.approve"),
        "adjust.approve": Act(_("Approve an adjustment"), {M: ALL}, apart_from=AGREEING, lent_to="lots.see"),
        "reverse.ask": Act(_("Ask for a reversal"), {W: OWN, M: ALL}, then="reverse.approve"),
        "reverse.approve": Act(_("Approve a reversal"), {M: ALL}, apart_from=AGREEING, lent_to="lots.see"),
        "issue.ask": Act(_("Ask for an issue"), {W: OWN, P: ALL, M: ALL}, then="issue.approve"),
        "issue.approve": Act(
            _("Approve an issue"),
            {M: ALL},
            apart_from=AGREEING,
            people=2,
            lent_to="lots.see",
            emergency="issue.break_glass",
        ),
        "issue.break_glass": Act(_("Issue in an emergency, without the others"), {W: OWN, M: ALL}),
        "glass.see": Act(_("See what was done under break-glass"), {W: OWN, P: ALL, M: ALL, A: ALL, X: ALL}),
        "glass.review": Act(_("Review what was done under break-glass"), {M: ALL, A: ALL}, apart_from=REVIEWING),
    },
    _("Suppliers, orders, deliveries"): {
        "suppliers.see": Act(_("See suppliers"), {P: ALL, M: ALL, A: ALL}),
        "suppliers.write": Act(_("Add and change suppliers"), {P: ALL}),
        "orders.see": Act(_("See orders"), {P: ALL, M: ALL, A: ALL}),
        "orders.write": Act(_("Write, submit, place and cancel orders"), {P: ALL}, then="orders.approve"),
        "orders.approve": Act(
            _("Approve an order"),
            {M: ALL},
            apart_from={Tie.WROTE: OwnOrder, Tie.EDITED: OwnOrder},
            lent_to="orders.see",
        ),
        "orders.send_back": Act(_("Send an order back"), {M: ALL}),
        "deliveries.see": Act(_("See deliveries expected"), {W: OWN, P: ALL, M: ALL, A: ALL}),
        "deliveries.receive": Act(_("Receive a delivery"), {W: OWN}),
    },
    _("Targets and rotation policies"): {
        "targets.write": Act(_("Propose a target, or a change of one"), {P: ALL, M: ALL}, then="targets.approve"),
        "targets.approve": Act(_("Approve a target"), {M: ALL}, apart_from=AGREEING, lent_to="targets.see"),
        "policies.see": Act(_("See rotation policies"), {P: ALL, M: ALL, A: ALL}),
        "policies.write": Act(_("Propose a rotation policy, or its end"), {P: ALL, M: ALL}, then="policies.approve"),
        "policies.approve": Act(_("Approve a rotation policy"), {M: ALL}, apart_from=AGREEING, lent_to="policies.see"),
    },
    _("Flags"): {
        "flags.see": Act(_("See flags"), {P: ALL, M: ALL, A: ALL}),
        "flags.acknowledge": Act(_("Acknowledge a flag"), {P: ALL, M: ALL}),
        "flags.assign": Act(_("Assign a flag"), {M: ALL}),
        "flags.waive": Act(_("Waive a flag"), {M: ALL}, then="flags.approve", then_if_severe=True),
        "flags.approve": Act(
            _("Approve the waiver of a critical flag"), {M: ALL}, apart_from=AGREEING, lent_to="flags.see"
        ),
    },
    _("People, sites, materials"): {
        "people.see": Act(_("See people, their roles and sites"), {A: ALL, X: ALL}),
        "people.write": Act(_("Add and change people, take rights away"), {X: ALL}),
        "people.grant": Act(
            _("Propose a role, a site or signing in for somebody"),
            {X: ALL},
            apart_from={Tie.ABOUT: NotForYourself},
            then="people.approve",
        ),
        "people.password": Act(
            _("Ask for a temporary password for somebody"),
            {X: ALL},
            apart_from={Tie.ABOUT: NotYourself},
            then="people.approve",
        ),
        "people.approve": Act(_("Approve what is proposed for somebody"), {X: ALL}, apart_from=GRANTING),
        "rights.see": Act(_("See what every role may do"), {A: ALL, X: ALL}),
        "sites.write": Act(_("Add and change sites and places"), {X: ALL}),
        "catalogue.write": Act(_("Add and change materials"), {X: ALL}),
    },
    _("Records and running the system"): {
        "commands.see": Act(_("See the audit log"), {M: ALL, A: ALL}),
        "jobs.see": Act(_("See jobs"), {M: ALL, A: ALL, X: ALL}),
        "jobs.run": Act(_("Start a job, as the verification"), {X: ALL}),
        "exports.make": Act(_("Export a list that one may see"), {W: OWN, P: ALL, M: ALL, A: ALL, X: ALL}),
        "exports.see": Act(_("See who exported what"), {M: ALL, A: ALL}),
        "tables.see": Act(_("See platform tables, read-only"), {X: ALL}),
    },
    _("Requests"): {
        # The list itself; of it, each sees what the two below say: about stock, and about people (people.see).
        "requests.see": Act(_("See the list of requests"), {W: OWN, P: ALL, M: ALL, A: ALL, X: ALL}),
        "requests.reserve": Act(_("See requests about the reserve"), {W: OWN, P: ALL, M: ALL, A: ALL}),
        "requests.withdraw": Act(
            _("Take a request back"), {W: OWN, P: ALL, M: ALL, A: ALL, X: ALL}, only={Tie.ASKED: NotYours}
        ),
        # OWN: those that one lends or borrows.
        "delegations.see": Act(_("See what is lent to whom"), {W: OWN, P: OWN, M: ALL, A: ALL, X: ALL}),
        "delegations.lend": Act(_("Lend one's approvals for some days"), {M: ALL}),
    },
}
ACTS: dict[str, Act] = {name: act for rows in TABLE.values() for name, act in rows.items()}
LENDABLE = {name: act.lent_to for name, act in ACTS.items() if act.lent_to}


class NotAllowed(Refused):
    code = "not_allowed"
    status = 403
    template = _("Your role does not allow this. Ask someone whose role does: {roles}.")


class NotAllowedHere(NotAllowed):
    template = _("You may do this at your own sites only. Ask someone who may do it here: {roles}.")


class Roles:
    """Whose role would do, in the language that is spoken when it is read."""

    def __init__(self, act: str) -> None:
        self.act = act

    def __str__(self) -> str:
        return ", ".join(str(ROLE_NAMES[role]) for role in ACTS[self.act].roles)


def reach(user: "User | AnonymousUser", act: str) -> Reach | None:
    """How far `user` may do `act`, by role or by what is lent to them today (User.loans): ALL, OWN, or None.

    Raises KeyError for an act that the table does not know.
    """
    return own_reach(user, act) or (Reach.ALL if lent(user, act) else None)


def lent(user: "User | AnonymousUser", act: str) -> "list[Loan]":
    """The loans under which the person may do what their own roles do not allow."""
    if act not in LENDABLE or own_reach(user, act):
        return []
    return [loan for loan in getattr(user, "loans", ()) if act in loan.acts]


def own_reach(user: "User | AnonymousUser", act: str) -> Reach | None:
    """How far the person's own roles reach, whatever is lent to them."""
    cells = ACTS[act].roles
    if not user.is_authenticated or not user.is_active:
        return None
    reaches = {cells[Role(role)] for role in user.roles if role in cells}
    return Reach.ALL if Reach.ALL in reaches else Reach.OWN if reaches else None


def why_not(
    user: "User | AnonymousUser", act: str, *, sites: Collection[str] | None = None, hands: Hands | None = None
) -> Refused | None:
    """Why this person may not do this act on this thing; None when they may.

    `sites` is where the thing lies (any of them will do; None: nowhere in particular, or it is not yet known), `hands` who
    has a hand in it already. The answer is NotAllowed, or the Tied that the table names.
    """
    found = reach(user, act)
    if found is None:
        return NotAllowed(act=act, roles=Roles(act))
    if sites is not None and found is Reach.OWN and not set(sites) & set(getattr(user, "site_codes", ())):
        return NotAllowedHere(act=act, roles=Roles(act))
    tied = next(_ties(user, act, hands or {}), None)
    loans = lent(user, act)
    if loans and not free_loan(loans, act, hands or {}):
        tied = tied or LenderTied
    return tied(act=act, roles=Roles(act)) if tied else None


class Lent(Protocol):
    """What is lent, by whom: as a person's request knows it (Loan), or as it is on record (Delegation)."""

    @property
    def lender_id(self) -> int: ...


L = TypeVar("L", bound=Lent)


def free_loan(loans: Iterable[L], act: str, hands: Hands) -> L | None:
    """The first of the loans whose lender has no hand in the thing that would keep them from the act."""
    tied = {person for tie in ACTS[act].apart_from for person in hands.get(tie, ())}
    return next((loan for loan in loans if loan.lender_id not in tied), None)


def _ties(user: "User | AnonymousUser", act: str, hands: Hands) -> Iterator[type[Tied]]:
    for tie, refusal in ACTS[act].apart_from.items():
        if user.pk in hands.get(tie, ()):
            yield refusal
    for tie, refusal in ACTS[act].only.items():
        if user.pk not in hands.get(tie, ()):
            yield refusal


def allow(
    user: "User | AnonymousUser", act: str, *, sites: Collection[str] | None = None, hands: Hands | None = None
) -> None:
    """Raise why the person may not do the act on the thing, as `why_not` says it."""
    refusal = why_not(user, act, sites=sites, hands=hands)
    if refusal:
        raise refusal


def permits(user: "User | AnonymousUser", act: str) -> bool:
    """True when the person may do the act somewhere."""
    return reach(user, act) is not None


def permits_at(user: "User | AnonymousUser", act: str, site_code: str) -> bool:
    """True when the person may do the act at this site."""
    found = reach(user, act)
    return found is Reach.ALL or (found is Reach.OWN and site_code in getattr(user, "site_codes", ()))


def require(user: "User | AnonymousUser", act: str) -> None:
    """Raise NotAllowed unless the person may do the act somewhere."""
    allow(user, act)


def require_at(user: "User | AnonymousUser", act: str, site_code: str) -> None:
    """Raise NotAllowed unless the person may do the act at this site."""
    allow(user, act, sites=[site_code])


def others(act: str, *, severe: bool = False) -> int:
    """How many other people must agree after one has done the act, before it counts."""
    row = ACTS[act]
    return ACTS[row.then].people if row.then and (severe or not row.then_if_severe) else 0


# Where a table has each hand written: in a column, or which rows a person of this number has it in.
Columns = Mapping[Tie, str | Callable[[int], Q]]


def untied(user: "User", act: str, columns: Columns) -> Q:
    """The rows of a table in which no hand keeps the person, and not everybody who lends to them, from the act."""
    borrowed = Q()
    for loan in lent(user, act):
        borrowed |= _handless(loan.lender_id, act, columns)
    return _handless(user.pk, act, columns) & borrowed


def _handless(person_id: int, act: str, columns: Columns) -> Q:
    kept = Q()
    for tie in ACTS[act].apart_from:
        column = columns[tie]
        kept &= ~(Q((column, person_id)) if isinstance(column, str) else column(person_id))
    return kept
