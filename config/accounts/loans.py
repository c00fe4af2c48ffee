"""What is lent to people: known with the person of a request, and listed for those who may see it. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import ACTS, Reach, Role, reach
from config.accounts.models import Delegation, User
from config.audit import keyset
from config.audit.keyset import Order, Page

ACT_NAMES = {
    "adjust.approve": _("adjustments"),
    "reverse.approve": _("reversals"),
    "issue.approve": _("issues"),
    "targets.approve": _("targets"),
    "policies.approve": _("rotation policies"),
    "orders.approve": _("orders"),
    "flags.approve": _("waivers of critical flags"),
}


@dataclass(frozen=True)
class Loan:
    """What one person has lent to another, as it counts today. `acts` are those that the lender's own roles still allow."""

    id: int
    lender_id: int
    lender: str
    acts: frozenset[str]
    until_on: date


def person(person_id: int, *, today: date) -> User | None:
    """A person with what is lent to them that day; one query."""
    found = User.objects.annotate(lent=_lent(today)).filter(pk=person_id).first()
    if found is not None:
        found.loans = _loans(found.lent)
    return found


def put_on(person: User, *, today: date) -> None:
    """Let a person who was loaded in another way know what is lent to them; asked for only where their own roles end."""

    def read() -> Sequence[Loan]:
        return _loans(User.objects.filter(pk=person.pk).values_list(_lent(today), flat=True)[0])

    person.loans = SimpleLazyObject(read)  # type: ignore[assignment]  # it is what it wraps


def _lent(today: date) -> ArraySubquery:
    running = Delegation.objects.running(today).filter(borrower=OuterRef("pk")).order_by("pk")
    names = {"id": "pk", "lender_id": "lender_id", "lender": "lender__name", "roles": "lender__roles"}
    return ArraySubquery(running.values(row=JSONObject(**names, acts="acts", until_on="until_on")))


def _loans(found: Iterable[dict[str, Any]]) -> list[Loan]:
    return [
        Loan(
            id=row["id"],
            lender_id=row["lender_id"],
            lender=row["lender"],
            acts=held(row["roles"], row["acts"]),
            until_on=date.fromisoformat(row["until_on"]),
        )
        for row in found
    ]


def held(roles: Iterable[str], acts: Iterable[str]) -> frozenset[str]:
    """Those of the acts that these roles allow for the whole reserve."""
    mine = [Role(role) for role in roles]
    return frozenset(act for act in acts if any(ACTS[act].roles.get(role) is Reach.ALL for role in mine))


@dataclass(frozen=True)
class DelegationRow:
    """A delegation as it is on record. Days are inclusive, UTC; `mine` is "lent", "borrowed" or "" for the reader."""

    id: int
    lender: str
    lender_name: str
    borrower: str
    borrower_name: str
    acts: list[str]
    from_on: date
    until_on: date
    reason: str
    made_at: datetime
    ended_at: datetime | None
    ended_why: str
    mine: str

    @property
    def act_names(self) -> list[str]:
        return [str(ACT_NAMES[act]) for act in self.acts]

    def state(self, today: date) -> str:
        """running, to come, over, or ended early."""
        if self.ended_at:
            return "ended"
        return "to come" if self.from_on > today else "over" if self.until_on < today else "running"


COLUMNS = ("lender__username", "lender__name", "borrower__username", "borrower__name", "acts", "from_on", "until_on")
REST = ("reason", "made_at", "ended_at", "ended_why", "lender_id", "borrower_id")
STATES = ("running", "to come", "over")
NEWEST = Order("newest", "id", int, descending=True)
MOST = 50


def listing(
    *,
    user: User,
    today: date,
    state: str = "",
    person: str = "",
    at: datetime | None = None,
    cursor: str = "",
    size: int = keyset.SIZE,
) -> Page[DelegationRow]:
    """A page of the delegations that the person may see, the latest first; two queries. Raises BadCursor.

    `state` is one of STATES as of `today`, what ended early being over; `at` keeps those that counted at that moment,
    `person` those of one lender or borrower.
    """
    rows = _in_state(_of(_visible(user), person), state, today)
    if at:
        rows = counting(at, rows)
    return keyset.page(_columns(rows), order=NEWEST, cursor=cursor, size=size, read=lambda found: _rows(found, user))


def of_person(*, user: User, person: str, today: date | None = None, at: datetime | None = None) -> list[DelegationRow]:
    """What this person lends and borrows, of what the reader may see: what is not over by `today`, or counted `at`.

    The latest 50, more than anybody has at once; one query.
    """
    rows = _of(_visible(user), person)
    rows = counting(at, rows) if at else rows.filter(ended_at__isnull=True, until_on__gte=today)
    return _rows(_columns(rows.order_by("-pk"))[:MOST], user)


def one(*, user: User, number: int) -> DelegationRow:
    """One that exists and that the person may see; one query."""
    return _rows(_columns(_visible(user).filter(pk=number)), user)[0]


def _visible(user: User) -> QuerySet[Delegation]:
    rows = Delegation.objects.all()
    return rows if reach(user, "delegations.see") is Reach.ALL else rows.filter(Q(lender=user) | Q(borrower=user))


def _of(rows: QuerySet[Delegation], person: str) -> QuerySet[Delegation]:
    return rows.filter(Q(lender__username=person) | Q(borrower__username=person)) if person else rows


def _in_state(rows: QuerySet[Delegation], state: str, today: date) -> QuerySet[Delegation]:
    match state:
        case "running":
            return rows.filter(ended_at__isnull=True, from_on__lte=today, until_on__gte=today)
        case "to come":
            return rows.filter(ended_at__isnull=True, from_on__gt=today)
        case "over":
            return rows.filter(Q(ended_at__isnull=False) | Q(until_on__lt=today))
    return rows


def counting(at: datetime, rows: Any = None) -> Any:
    """The delegations that counted at a moment that has passed: made, begun, not over and not ended by then."""
    day = at.date()
    found = Delegation.objects.all() if rows is None else rows
    found = found.filter(made_at__lte=at, from_on__lte=day, until_on__gte=day)
    return found.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def _columns(rows: QuerySet[Delegation]) -> Any:
    return rows.values("id", *COLUMNS, *REST)


def _rows(found: Iterable[dict[str, Any]], user: User) -> list[DelegationRow]:
    def row(line: dict[str, Any]) -> DelegationRow:
        mine = {line["lender_id"]: "lent", line["borrower_id"]: "borrowed"}.get(user.pk, "")
        return DelegationRow(*[*(line[name] for name in ("id", *COLUMNS, *REST[:-2])), mine])

    return [row(line) for line in found]
