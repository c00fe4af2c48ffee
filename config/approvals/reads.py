"""Requests as people and programs read them: waiting or settled, with who asked and who decided. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.accounts.loans import Loan
from config.accounts.matrix import Columns, Reach, free_loan, lent, reach, untied, why_not
from config.accounts.models import User
from config.accounts.ties import Hands, Tie
from config.approvals.models import BreakGlass, Decision, Request
from config.approvals.requests import (
    WITHDRAW,
    RequestNotFound,
    Words,
    decide_act,
    hands_of,
    kinds_known,
    label,
    sites_of,
)
from config.approvals.said import speak
from config.audit import keyset
from config.audit.keyset import Few, Order, Page, few
from config.audit.refused import Refused


class _Probed(Exists):
    """Asked of each row by an index: PostgreSQL would else first read all that the person ever decided."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def _with_decision(**wanted: int) -> Q:
    return Q(_Probed(Decision.objects.filter(request=OuterRef("pk"), **wanted)))


# Where a request has each hand written.
HANDS: Columns = {
    Tie.ASKED: "requester",
    Tie.ABOUT: "about",
    Tie.DECIDED: lambda person: _with_decision(actor=person),
    Tie.STOOD_FOR: lambda person: _with_decision(delegation__lender=person),
}
NEWEST = Order("-asked", "asked_at", datetime, descending=True)


# Subjects that are a word and a number, in words.
SUBJECTS = {"target": _("target {number}"), "flag": _("flag {number}"), "policy": _("policy {number}")}


@dataclass(frozen=True)
class DecisionRow:
    who: str
    agreed: bool
    note: str
    decided_at: datetime
    actor_id: int
    on_behalf_of: str = ""
    lender_id: int | None = None


@dataclass(frozen=True)
class RequestRow:
    """One request. `kind` is the act's full name; `agreed` of `needed` people have agreed."""

    id: int
    kind: str
    subject: str
    site_code: str
    summary: str
    body: dict[str, Any]
    reason: str
    requester_id: int
    requester: str
    asked_at: datetime
    needed: int
    state: str
    settled_at: datetime | None
    about_id: int | None = None
    decisions: list[DecisionRow] = field(default_factory=list)

    @property
    def label(self) -> str:
        return label(self.kind)

    @property
    def asks(self) -> str:
        """What is asked, in the language of whoever reads it; `summary` is what was recorded."""
        return speak(self.body.get("said"), self.summary)

    @property
    def about(self) -> str:
        """The subject in words: `target 3`, a lot's number, a person's name."""
        what, _space, number = self.subject.partition(" ")
        return str(SUBJECTS[what]).format(number=number) if what in SUBJECTS and number.isdigit() else self.subject

    @property
    def agreed(self) -> int:
        return sum(decision.agreed for decision in self.decisions)


# Columns in the order of RequestRow's fields.
COLUMNS = (
    "id",
    "kind",
    "subject",
    "site_code",
    "summary",
    "body",
    "reason",
    "requester_id",
    "requester__name",
    "asked_at",
    "needed",
    "state",
    "settled_at",
    "about_id",
)


def listing(
    *, user: User, state: str = "", kind: str = "", subject: str = "", cursor: str = "", size: int = keyset.SIZE
) -> Page[RequestRow]:
    """One page of the requests that the person may see, the latest first; three queries. Raises BadCursor."""
    rows = Request.objects.visible_to(user)
    for column, value in (("state", state), ("kind", kind), ("subject", subject)):
        if value:
            rows = rows.filter(**{column: value})
    return keyset.page(rows.values(*COLUMNS), order=NEWEST, cursor=cursor, size=size, read=_rows)


def one(*, user: User, request_id: int) -> RequestRow:
    """One request; two queries. Raises RequestNotFound, also for one of a foreign site."""
    found = Request.objects.visible_to(user).filter(pk=request_id).values(*COLUMNS).first()
    if found is None:
        raise RequestNotFound()
    return _rows([found])[0]


def of_subject(
    *, user: User, subject: str, kinds: Iterable[str], since: datetime | None, until: datetime | None, most: int
) -> list[RequestRow]:
    """Requests about a subject that were asked or waited between two moments, of those the person may see, oldest first.

    The latest `most` of them; two queries.
    """
    rows = Request.objects.visible_to(user).filter(subject=subject, kind__in=list(kinds))
    if until is not None:
        rows = rows.filter(asked_at__lt=until)
    if since is not None:
        rows = rows.filter(Q(settled_at__isnull=True) | Q(settled_at__gte=since))
    return _rows(list(rows.order_by("-asked_at", "-id").values(*COLUMNS)[:most]))[::-1]


def by_command(*, user: User, command_ids: Iterable[int]) -> dict[int, int]:
    """Command -> the request that it settled, of those that the person may see; one query, none without commands."""
    numbers = list(command_ids)
    if not numbers:
        return {}
    seen = {"command_id__in": numbers, "request__in": Request.objects.visible_to(user)}
    decided = Decision.objects.filter(**seen).values_list("command_id", "request_id")
    return dict(decided.union(BreakGlass.objects.filter(**seen).values_list("command_id", "request_id")))


def waiting_for(*, user: User, most: int | None = None) -> int:
    """How many pending requests this person may decide on and has not, counted up to `most`; one query, none for who
    decides on nothing."""
    return _decidable(user)[:most].count()


def _decidable(user: User) -> QuerySet[Request]:
    """The pending requests that the person may decide on now: the right at their site, no hand in them; under a loan too."""
    mine = Q(pk__in=[])
    for act in {decide_act(kind) for kind in kinds_known()}:
        kinds = [kind for kind in kinds_known() if decide_act(kind) == act]
        match reach(user, act):
            case Reach.ALL:
                mine |= Q(kind__in=kinds) & untied(user, act, HANDS)
            case Reach.OWN:
                mine |= Q(kind__in=kinds, site_code__in=["", *user.site_codes]) & untied(user, act, HANDS)
    if mine == Q(pk__in=[]):
        return Request.objects.none()
    return Request.objects.visible_to(user).filter(mine, state=Request.State.PENDING)


def settled(
    *, user: User, states: Iterable[str], kinds: Iterable[str], since: datetime, until: datetime, most: int
) -> Few[RequestRow]:
    """The latest `most` requests that came to one of these states from `since` to before `until`, and how many did.

    Three queries.
    """
    rows = Request.objects.visible_to(user).filter(state__in=list(states), kind__in=list(kinds))
    rows = rows.filter(settled_at__gte=since, settled_at__lt=until)
    return few(rows.order_by("-settled_at", "-id").values(*COLUMNS), most=most, read=_rows, counted=rows)


def to_decide(*, user: User, most: int) -> Few[RequestRow]:
    """The first `most` of the pending requests that the person may decide on now, longest waiting first, and how many there
    are; under a loan too. Three queries."""
    rows = _decidable(user)
    return few(rows.order_by("asked_at", "id").values(*COLUMNS), most=most, read=_rows, counted=rows)


def why_not_decide(user: User, row: RequestRow) -> Refused | None:
    """Why the person may not decide on a pending request: the right at its site, not one's own, no second word."""
    return why_not(user, decide_act(row.kind), sites=sites_of(row.site_code), hands=_hands(row))


def loan_for(user: User, row: RequestRow) -> Loan | None:
    """The loan under which the person would decide on it; None where their own role allows it."""
    act = decide_act(row.kind) if row.kind in kinds_known() else ""
    return free_loan(lent(user, act), act, _hands(row)) if act else None


def _hands(row: RequestRow) -> Hands:
    return hands_of(row.requester_id, row.about_id, words_of(row))


def words_of(row: RequestRow) -> Words:
    """Who has decided on it, and for whom."""
    return [(word.actor_id, word.lender_id) for word in row.decisions]


def may_decide(user: User, row: RequestRow) -> bool:
    """Whether the person may decide on it now."""
    return row.state == Request.State.PENDING and row.kind in kinds_known() and why_not_decide(user, row) is None


def may_withdraw(user: User, row: RequestRow) -> bool:
    """Whether the person may take it back now."""
    hands = hands_of(row.requester_id, row.about_id, ())
    return row.state == Request.State.PENDING and why_not(user, WITHDRAW, hands=hands) is None


def _rows(found: list[dict[str, Any]]) -> list[RequestRow]:
    rows = {line["id"]: RequestRow(*(line[column] for column in COLUMNS)) for line in found}
    decisions = Decision.objects.filter(request__in=rows).order_by("pk")
    columns = ("request_id", "actor__name", "agreed", "note", "decided_at", "actor_id")
    lenders = ("delegation__lender__name", "delegation__lender_id")
    for number, who, agreed, note, at, actor_id, lender, lender_id in decisions.values_list(*columns, *lenders):
        rows[number].decisions.append(DecisionRow(who, agreed, note, at, actor_id, lender or "", lender_id))
    return list(rows.values())
