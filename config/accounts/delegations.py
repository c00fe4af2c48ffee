"""Approving rights lent for some days: by who holds them, to one named person, ended by either at any time.

Lender and borrower are one person among those who decide, and neither reviews what the other took part in (`partner_of`).
Who asks does so in their own right: the lender may agree to what the borrower asked for, as without the loan; the borrower
to nothing that the lender has a hand in. What is borrowed is not lent on. A loan counts only while its lender holds the
right: what the role loses, the borrower loses with the next request.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.accounts.loans import counting, held
from config.accounts.matrix import LENDABLE, NotAllowed, Role, Roles, free_loan, own_reach, reach, require
from config.accounts.models import SYSTEM_USERNAME, Delegation, User
from config.accounts.models.delegation import LONGEST_DAYS
from config.accounts.refusals import (
    BadBorrower,
    BadDays,
    DelegationNotFound,
    DelegationOver,
    NothingToLend,
    OverlappingLoan,
)
from config.accounts.ties import Hands, LenderTied
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run

FURTHEST_DAYS = 90
# They read or run the reserve, and decide on nothing in it.
NEVER = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


# Why a delegation ended before its last day, as it is recorded; the page speaks it.
TAKEN_BACK, GIVEN_BACK = gettext_noop("Taken back"), gettext_noop("Given back")
LENDER_OUT, BORROWER_OUT = gettext_noop("The lender was shut out"), gettext_noop("The borrower was shut out")
LENDER_LOST = gettext_noop("The lender lost the right")
BORROWER_MOVED = gettext_noop("The borrower has another role now")


def lend(*, by: By, borrower: str, acts: list[str], from_on: date, until_on: date, reason: str) -> Answer:
    """Let another person approve in one's place from one day to another, both included. Answers {"delegation"}.

    Refuses NothingToLend, BadBorrower (oneself, whom the lender is not offered, who sees not what is approved), BadDays,
    OverlappingLoan, BadText, NotAllowed.
    """
    days = {"from_on": str(from_on), "until_on": str(until_on)}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "delegations.lend")
        why = edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True, field="reason")
        lender, to = _both(opened.actor, borrower)
        lent = _lendable(lender, acts)
        _may_borrow(to, lent)
        _sound_days(from_on, until_on, opened.now.date())
        _once(lender, to, lent, from_on, until_on)
        row = Delegation.objects.create(
            lender=lender,
            borrower=to,
            acts=lent,
            from_on=from_on,
            until_on=until_on,
            reason=why,
            made_at=opened.now,
            command_id=opened.command_id,
        )
        return {"delegation": row.pk}

    body = {"borrower": borrower, "acts": acts, **days, "reason": reason}
    return run(by, kind="delegations.lend", request=body, act=act)


def end(*, by: By, delegation_id: int) -> Answer:
    """End a loan now: who lent it takes it back, who has it gives it back. Refuses DelegationNotFound, DelegationOver."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "delegations.see")
        own = Delegation.objects.filter(Q(lender=opened.actor) | Q(borrower=opened.actor))
        row = own.select_for_update(of=("self",)).filter(pk=delegation_id).first()
        if row is None:
            raise DelegationNotFound()
        if row.ended_at or row.until_on < opened.now.date():
            raise DelegationOver()
        _end(opened, row, TAKEN_BACK if row.lender_id == opened.actor.pk else GIVEN_BACK)
        return {"delegation": row.pk}

    return run(by, kind="delegations.end", request={"delegation": delegation_id}, act=act)


def end_what_lapsed(*, opened: Opened, person: User) -> list[int]:
    """End what the person could no longer lend or borrow. Called when their roles, or whether they may sign in, changed."""
    rows = Delegation.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True).order_by("pk")
    ended = []
    for row in rows.filter(Q(lender=person) | Q(borrower=person)):
        lends = row.lender_id == person.pk
        if not person.is_active:
            _end(opened, row, LENDER_OUT if lends else BORROWER_OUT)
        elif lends and not set(row.acts) <= held(person.roles, row.acts):
            _end(opened, row, LENDER_LOST)
        elif not lends and not all(_may_take(person, act) for act in row.acts):
            _end(opened, row, BORROWER_MOVED)
        else:
            continue
        ended.append(row.pk)
    return ended


def under(opened: Opened, act: str, *, hands: Hands) -> Delegation | None:
    """None where the actor's own roles allow the act; else the loan under which they do it, held until the command ends.

    The person's request may have known more: raises NotAllowed when nothing lent counts now, LenderTied when everybody who
    lent it has a hand in the thing.
    """
    if own_reach(opened.actor, act) is not None:
        return None
    running = Delegation.objects.running(opened.now.date()).filter(borrower=opened.actor, acts__contains=[act])
    rows = running.select_for_update(of=("self",)).select_related("lender").order_by("pk")
    lenders = [row for row in rows if held(row.lender.roles, [act])]
    if not lenders:
        raise NotAllowed(act=act, roles=Roles(act))
    found = free_loan(lenders, act, hands)
    if found is None:
        raise LenderTied(act=act, roles=Roles(act))
    return found


def partner_of(person_id: int, others: Iterable[int | None], *, at: Iterable[datetime]) -> str:
    """The name of one of `others` who lent to, or borrowed from, this person at one of these moments. "" for nobody.

    One query, none without others.
    """
    among = [other for other in others if other]
    if not among:
        return ""
    rows = reduce(or_, (counting(moment) for moment in at)).select_related("lender", "borrower")
    pairs = Q(lender=person_id, borrower__in=among) | Q(borrower=person_id, lender__in=among)
    row = rows.filter(pairs).order_by("pk").first()
    return "" if row is None else str((row.borrower if row.lender_id == person_id else row.lender).name)


def candidates(user: User) -> list[tuple[str, str]]:
    """User name and name of those to whom this person could lend something, by name; one query."""
    rows = User.objects.filter(is_active=True).exclude(pk=user.pk).exclude(username=SYSTEM_USERNAME)
    return [(row.username, row.name) for row in rows.order_by("name") if _could_borrow(user, row)]


def _could_borrow(lender: User, to: User) -> bool:
    return any(_may_take(to, act) for act in held(lender.roles, LENDABLE))


def _both(actor: User, borrower: str) -> tuple[User, User]:
    """Both people, locked in key order: what they may do holds until the loan is written.

    Whom a lender is not offered is answered as one who is not there: lending tells nothing of accounts.
    """
    rows = User.objects.select_for_update().filter(Q(pk=actor.pk) | Q(username=borrower.replace("\0", "")))
    found = {row.username: row for row in rows.order_by("pk")}
    lender, to = found[actor.username], found.get(borrower)
    if to == lender:
        raise BadBorrower(why=_("Nobody lends to themselves."))
    if to is None or to.username == SYSTEM_USERNAME or not to.is_active or not _could_borrow(lender, to):
        raise BadBorrower(why=_("You cannot lend to a person of this user name."))
    return lender, to


def _lendable(lender: User, acts: list[str]) -> list[str]:
    lent = sorted(set(acts))
    for act in lent:
        if act not in LENDABLE or act not in held(lender.roles, [act]):
            raise NothingToLend()
    if not lent:
        raise NothingToLend()
    return lent


def _may_borrow(to: User, acts: list[str]) -> None:
    for act in acts:
        if not _may_take(to, act):
            raise BadBorrower(why=_("{name} may not see what {act} is about.").format(name=to.name, act=act))


def _may_take(to: User, act: str) -> bool:
    """True for who sees what is decided, could not decide on it (or two would be one fewer), and may decide on anything."""
    return not NEVER & set(to.roles) and own_reach(to, act) is None and reach(to, LENDABLE[act]) is not None


def _sound_days(from_on: date, until_on: date, today: date) -> None:
    if from_on < today:
        raise BadDays(why=_("It cannot begin on a day that has passed.")).at("from_on")
    if from_on > today + timedelta(days=FURTHEST_DAYS):
        raise BadDays(why=_("It begins {days} days ahead at most.").format(days=FURTHEST_DAYS)).at("from_on")
    if until_on < from_on:
        raise BadDays(why=_("It cannot end before it begins."))
    if until_on >= from_on + timedelta(days=LONGEST_DAYS):
        raise BadDays(why=_("It lasts {days} days at most. For longer, a role is given.").format(days=LONGEST_DAYS))


def _once(lender: User, to: User, acts: list[str], from_on: date, until_on: date) -> None:
    rows = Delegation.objects.filter(lender=lender, borrower=to, ended_at__isnull=True, acts__overlap=acts)
    for until in rows.filter(from_on__lte=until_on, until_on__gte=from_on).values_list("until_on", flat=True)[:1]:
        raise OverlappingLoan(name=to.name, until=until)


def _end(opened: Opened, row: Delegation, why: str) -> None:
    row.ended_at, row.ended_why = opened.now, why
    row.save(update_fields=["ended_at", "ended_why"])
