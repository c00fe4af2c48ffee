"""Rotation policies: how the lots of a material are rotated. Setting and ending one takes two managers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.accounts.matrix import require
from config.accounts.models import User
from config.approvals import requests
from config.approvals.models import Request
from config.approvals.said import Said
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused
from config.jobs import outbox
from inventory import catalogue
from reserve.models import Rotation, RotationPolicy

PROPOSE, END = "reserve.rotation_policy", "reserve.rotation_policy_end"
KINDS = frozenset({PROPOSE, END})
STATES = ("pending", "in force", "to be ended", "ended")
CHANGED = "reserve.policies"
MOST_AHEAD = 36
Driver, Method = RotationPolicy.Driver, RotationPolicy.Method


class BadPolicy(Refused):
    code = "bad_policy"
    status = 422
    template = _("{why}")


class PolicyExists(Refused):
    code = "policy_exists"
    template = _("{material} already has a policy for this. End that one first, or withdraw its request.")
    field = "material"


class PolicyNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such rotation policy.")


class PolicyNotInForce(Refused):
    code = "policy_not_in_force"
    template = _("This policy is {state}; there is nothing to end.")


@dataclass(frozen=True)
class PolicyRow:
    """One policy. `state` is pending, in force, to be ended, or ended; `request` waits for the second manager."""

    id: int
    material: str
    material_name: str
    driver: str
    driver_name: str
    method: str
    method_name: str
    ahead_months: int
    source: str
    state: str
    proposed_by: str
    approved_by: str
    approved_at: datetime | None
    request: int | None
    requester_id: int | None
    open_rows: int


def propose_policy(*, by: By, material: str, driver: str, method: str, ahead_months: int, source: str) -> Answer:
    """Propose how lots of a material are rotated; in force once another manager approves. Answers {"policy", "request"}.

    Refuses BadPolicy, PolicyExists, BadText without a source, NotAllowed.
    """
    body = {"material": material, "driver": driver, "method": method, "ahead_months": ahead_months, "source": source}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "policies.write")
        row = RotationPolicy(
            material_id=_material(material),
            driver=driver,
            method=method,
            ahead_months=ahead_months,
            source=edge.text(source, what=_("Source"), longest=300, required=True),
            proposed_by_id=opened.actor.pk,
        )
        _sound(row)
        return _propose(opened, material, row)

    return run(by, kind=PROPOSE, request=body, act=act)


def _material(code: str) -> int:
    found = catalogue.ids()["material"].get(code)
    if found is None:
        raise _bad(format_lazy(_("There is no material {code}."), code=code), "material")
    return found


def _sound(row: RotationPolicy) -> None:
    if row.driver not in Driver.values:
        raise _bad(
            format_lazy(_("Choose what makes a lot due: {offered}."), offered=", ".join(Driver.values)), "driver"
        )
    if row.method not in Method.values:
        raise _bad(format_lazy(_("Choose a method: {offered}."), offered=", ".join(Method.values)), "method")
    if row.driver == Driver.EXPIRY and row.method in (Method.INSPECT, Method.RETEST):
        raise _bad(_("A shelf life that ends cannot be extended by a test. Choose replacement or upgrade."), "method")
    if not 1 <= row.ahead_months <= MOST_AHEAD:
        raise _bad(format_lazy(_("Work begins 1 to {most_ahead} months ahead."), most_ahead=MOST_AHEAD), "ahead_months")


def _bad(why: str | Promise, field: str) -> BadPolicy:
    return BadPolicy(why=why).at(field)


def _propose(opened: Opened, material: str, row: RotationPolicy) -> Answer:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise PolicyExists(material=material) from None
    facts = {"material": material, "method": row.get_method_display(), "months": row.ahead_months}
    summary = Said(gettext_noop("{material}: {method}, {months} months ahead"), facts)
    return _ask(opened, PROPOSE, row, summary, row.source)


def _ask(opened: Opened, kind: str, row: RotationPolicy, summary: Said, reason: str) -> Answer:
    request = requests.ask(
        opened,
        kind=kind,
        subject=f"policy {row.pk}",
        site_code="",
        summary=summary,
        body={"policy": row.pk},
        reason=reason,
    )
    return {"policy": row.pk, "request": request.pk}


def end_policy(*, by: By, policy_id: int, reason: str) -> Answer:
    """Propose to end a policy in force; once another manager agrees, its open rows leave the schedule.

    Answers {"policy", "request"}. Refuses PolicyNotFound, PolicyNotInForce, BadText without a reason, NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        require(opened.actor, "policies.write")
        why = edge.text(reason, what=_("Reason"), longest=300, required=True)
        row = _locked(policy_id)
        state: str | Promise = "ended" if not row.is_active else "pending" if row.approved_at is None else "in force"
        if state == "in force" and _waiting(END, policy_id):
            state = _("already to be ended")
        if state != "in force":
            raise PolicyNotInForce(state=state)
        facts = {"method": row.get_method_display(), "material": row.material.code}
        return _ask(opened, END, row, Said(gettext_noop("End: {method} of {material}"), facts), why)

    return run(by, kind=END, request={"policy": policy_id, "reason": reason}, act=act)


def _locked(policy_id: int) -> RotationPolicy:
    row = RotationPolicy.objects.select_for_update(of=("self",)).select_related("material").filter(pk=policy_id).first()
    if row is None:
        raise PolicyNotFound()
    return row


def _waiting(kind: str, policy_id: int) -> bool:
    return Request.objects.filter(kind=kind, state=Request.State.PENDING, body__policy=policy_id).exists()


def _put_in_force(opened: Opened, request: Request) -> Answer:
    """A second manager agreed: the policy counts, and the schedule follows."""
    row = _locked(request.body["policy"])
    row.approved_by_id, row.approved_at = opened.actor.pk, opened.now
    row.save(update_fields=["approved_by", "approved_at"])
    return _changed(opened, row)


def _end(opened: Opened, request: Request) -> Answer:
    """A second manager agreed: the policy no longer counts."""
    row = _locked(request.body["policy"])
    row.is_active = False
    row.save(update_fields=["is_active"])
    return _changed(opened, row)


def _changed(opened: Opened, row: RotationPolicy) -> Answer:
    outbox.emit(CHANGED, {"policy": row.pk}, now=opened.now, command_id=opened.command_id)
    return {"policy": row.pk}


def _drop_proposal(opened: Opened, request: Request) -> None:
    """The proposal was refused or withdrawn."""
    RotationPolicy.objects.filter(pk=request.body["policy"]).update(is_active=False)


ACTS = [
    requests.TwoPersonAct(PROPOSE, _("Rotation policy"), "policies.approve", _put_in_force, _drop_proposal),
    requests.TwoPersonAct(END, _("End of a rotation policy"), "policies.approve", _end),
]


def listing(*, user: User, ended: bool = False) -> list[PolicyRow]:
    """Policies by material, those in force or pending (`ended`: all), with what waits for a second manager. Three queries."""
    require(user, "policies.see")
    policies = RotationPolicy.objects.select_related("material", "proposed_by", "approved_by")
    if not ended:
        policies = policies.filter(is_active=True)
    pending = Request.objects.filter(kind__in=KINDS, state=Request.State.PENDING)
    waiting = {body["policy"]: (pk, who) for pk, who, body in pending.values_list("pk", "requester_id", "body")}
    unfinished = Rotation.objects.filter(finished_at__isnull=True)
    open_rows = dict(unfinished.values_list("policy_id").annotate(Count("pk")))
    ordered = policies.order_by("material__name", "driver", "-is_active", "-id")
    return [_row(row, waiting.get(row.pk), open_rows.get(row.pk, 0)) for row in ordered]


def one(*, user: User, policy_id: int) -> PolicyRow:
    """One policy; three queries. Raises PolicyNotFound."""
    for row in listing(user=user, ended=True):
        if row.id == policy_id:
            return row
    raise PolicyNotFound()


def _row(row: RotationPolicy, waiting: tuple[int, int] | None, open_rows: int) -> PolicyRow:
    in_force = "to be ended" if waiting else "in force"
    state = "ended" if not row.is_active else "pending" if row.approved_at is None else in_force
    return PolicyRow(
        id=row.pk,
        material=row.material.code,
        material_name=row.material.name,
        driver=row.driver,
        driver_name=row.get_driver_display(),
        method=row.method,
        method_name=row.get_method_display(),
        ahead_months=row.ahead_months,
        source=row.source,
        state=state,
        proposed_by=str(row.proposed_by),
        approved_by=str(row.approved_by) if row.approved_by else "",
        approved_at=row.approved_at,
        request=waiting[0] if waiting else None,
        requester_id=waiting[1] if waiting else None,
        open_rows=open_rows,
    )
