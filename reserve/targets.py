"""Targets: proposed by one manager, in force once a second one approved.

A change keeps the row, so that its flags go on, and leaves the old level behind as a target that ended the day before: a day
that has passed is measured against the level of that day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Min
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
from config.audit.refused import Refused, Stale
from config.jobs import outbox
from inventory import catalogue, names, sites
from reserve.models import Target

SET, CHANGE = "reserve.set_target", "reserve.change_target"
UNKNOWN = {
    "material": _("There is no material {code}."),
    "element": _("There is no element {code}."),
    "form": _("There is no form {code}."),
    "site": _("There is no site {code}."),
}
HOLD, HOLD_ELEMENT = (
    gettext_noop("Hold {required_mg} of {material}"),
    gettext_noop("Hold {required_mg} of {element} in {form}"),
)
# What a change says of each thing that it changes.
CHANGED = {
    "required_mg": gettext_noop("required {required_mg}"),
    "days": gettext_noop("days {days}"),
    "floor_mg": gettext_noop("floor {floor_mg}"),
    "effective_to": gettext_noop("ends on {effective_to}"),
}
MOST_MG = 9 * 10**15


class TargetNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such target.")


class BadTarget(Refused):
    """A target that cannot be set; `field` names what is to blame, as the API calls it."""

    code = "bad_target"
    status = 422
    template = _("{why}")

    def __init__(self, *, why: str | Promise, field: str = "") -> None:
        super().__init__(why=why)
        self.field = field


class TargetExists(Refused):
    code = "target_exists"
    template = _("There already is a target for this. Change that one, or end it first.")


@dataclass(frozen=True, kw_only=True)
class TargetIn:
    """A target: a material (basis net) or an element in a form (contained); a mass, or days x daily use. Masses in mg."""

    material: str = ""
    element: str = ""
    form: str = ""
    basis: str
    site: str = ""
    required_mg: int | None = None
    days: int | None = None
    daily_use_mg: int | None = None
    use_basis: str = ""
    floor_mg: int | None = None
    only_compliant: bool = False
    effective_from: date
    source: str


def propose(*, by: By, target: TargetIn) -> Answer:
    """Propose a target; it counts once another manager approves the request that waits from now on.

    Answers {"target", "request"}. Refuses BadTarget, TargetExists, NotAllowed.
    """
    body = {name: str(value) if value is not None else None for name, value in vars(target).items()}
    return run(by, kind=SET, request=body, act=lambda opened: _propose(opened, target))


def change(
    *,
    by: By,
    target_id: int,
    version: int,
    required_mg: int | None = None,
    days: int | None = None,
    floor_mg: int | None = None,
    effective_to: date | None = None,
    reason: str,
) -> Answer:
    """Ask for another level, floor or end of a target; another manager approves. None leaves as it is.

    Answers {"target", "request"}. Refuses TargetNotFound, Stale, BadTarget, NotAllowed.
    """
    wanted: dict[str, Any] = {
        "required_mg": required_mg,
        "days": days,
        "floor_mg": floor_mg,
        "effective_to": str(effective_to) if effective_to else None,
    }
    body = {"target": target_id, "version": version, **wanted}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "targets.write")
        row = _locked(target_id)
        if row.version != version:
            raise Stale(what=_("The target"))
        if effective_to and effective_to < opened.now.date():
            raise BadTarget(
                why=_("A target cannot end on a day that has passed: it counted then."), field="effective_to"
            )
        _change(row, wanted)
        words = edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True)
        summary = Said(
            "{changes}", {"changes": [Said(CHANGED[name], {name: wanted[name]}) for name in wanted if wanted[name]]}
        )
        request = requests.ask(
            opened, kind=CHANGE, subject=f"target {target_id}", site_code="", summary=summary, body=body, reason=words
        )
        return {"target": target_id, "request": request.pk}

    return run(by, kind=CHANGE, request={**body, "reason": reason}, act=act)


def _propose(opened: Opened, given: TargetIn) -> Answer:
    require(opened.actor, "targets.write")
    ids = catalogue.ids()
    row = Target(
        material_id=_id(ids["material"], given.material, "material"),
        element_id=_id(ids["element"], given.element, "element"),
        form_id=_id(ids["form"], given.form, "form"),
        site_id=_id(sites.codes(), given.site, "site"),
        basis=given.basis,
        rule=Target.Rule.DAYS if given.days is not None else Target.Rule.MASS,
        days=given.days,
        daily_use_mg=given.daily_use_mg,
        use_basis=edge.text(given.use_basis, what=_("Use basis"), longest=300, field="use_basis"),
        required_mg=_required(given.required_mg, given.days, given.daily_use_mg),
        floor_mg=given.floor_mg,
        only_compliant=given.only_compliant,
        effective_from=given.effective_from,
        source=edge.text(given.source, what=_("Source"), longest=300, required=True),
        proposed_by_id=opened.actor.pk,
    )
    check(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "target_one_open_per_subject" in str(error):
            raise TargetExists() from None
        raise
    request = requests.ask(
        opened,
        kind=SET,
        subject=f"target {row.pk}",
        site_code="",
        summary=Said(HOLD, {"required_mg": row.required_mg, "material": given.material})
        if given.material
        else Said(HOLD_ELEMENT, {"required_mg": row.required_mg, "element": given.element, "form": given.form}),
        body={"target": row.pk},
        reason=row.source,
    )
    return {"target": row.pk, "request": request.pk}


def _id(ids: dict[str, int], code: str, what: str) -> int | None:
    if not code:
        return None
    if code not in ids:
        raise BadTarget(why=format_lazy(UNKNOWN[what], code=code), field=what)
    return ids[code]


def _required(required_mg: int | None, days: int | None, daily_use_mg: int | None) -> int:
    if days is None:
        if required_mg is None:
            raise BadTarget(why=_("Give a mass, or days and the daily use that they are days of."), field="required_kg")
        return required_mg
    if daily_use_mg is None:
        raise BadTarget(
            why=_("Days need a daily use with its source; without it they are days of nothing."), field="daily_use_kg"
        )
    if required_mg is not None and required_mg != days * daily_use_mg:
        raise BadTarget(why=_("Give either a mass or days of use; the two differ."), field="required_kg")
    return days * daily_use_mg


def check(row: Target) -> None:
    """Say in words what the table's constraints hold. Raises BadTarget."""
    net = row.basis == Target.Basis.NET
    if net and not (row.material_id and not row.element_id and not row.form_id):
        raise BadTarget(why=_("A target by net mass names a material, and no element or form."), field="material")
    if not net and (row.basis != Target.Basis.CONTAINED or row.material_id or not row.element_id or not row.form_id):
        raise BadTarget(
            why=_("A target by contained mass names an element and a form, and no material."), field="element"
        )
    if not 0 < row.required_mg < MOST_MG:
        raise BadTarget(
            why=_("What is required must be more than nothing and less than 9 million t."), field="required_kg"
        )
    if row.daily_use_mg is not None and not 0 < row.daily_use_mg < MOST_MG:
        raise BadTarget(why=_("A daily use must be more than nothing and less than 9 million t."), field="daily_use_kg")
    if row.days is not None and not 0 < row.days <= 3660:
        raise BadTarget(why=_("Days must lie between 1 and 3,660."), field="days")
    if row.days is not None and not row.use_basis:
        raise BadTarget(
            why=_("Say whose consumption the days are of, averaged over what, from which source."), field="use_basis"
        )
    if row.floor_mg is not None and not 0 < row.floor_mg <= row.required_mg:
        raise BadTarget(why=_("The floor must be more than nothing and at most what is required."), field="floor_kg")
    if row.effective_to and row.effective_to < row.effective_from:
        raise BadTarget(why=_("A target cannot end before it begins."), field="effective_to")


def _locked(target_id: int) -> Target:
    row = Target.objects.select_for_update().filter(pk=target_id).first()
    if row is None:
        raise TargetNotFound()
    return row


def _change(row: Target, wanted: dict[str, Any]) -> None:
    if not any(value is not None for value in wanted.values()):
        raise BadTarget(why=_("Nothing would change."))
    if wanted["days"] is not None:
        if row.daily_use_mg is None:
            raise BadTarget(why=_("This target states no daily use; change its mass."), field="days")
        row.days, row.rule = int(wanted["days"]), Target.Rule.DAYS
        row.required_mg = row.days * row.daily_use_mg
    elif wanted["required_mg"] is not None:
        row.required_mg, row.rule, row.days = int(wanted["required_mg"]), Target.Rule.MASS, None
    if wanted["floor_mg"] is not None:
        row.floor_mg = int(wanted["floor_mg"])
    if wanted["effective_to"] is not None:
        row.effective_to = date.fromisoformat(wanted["effective_to"])
    check(row)


def apply_set(opened: Opened, request: Request) -> Answer:
    """A second manager agreed: the target counts from now on."""
    row = _locked(int(request.body["target"]))
    row.approved_by_id, row.approved_at = opened.actor.pk, opened.now
    row.save(update_fields=["approved_by", "approved_at"])
    _rescan(opened)
    return {"target": row.pk}


def undo_set(opened: Opened, request: Request) -> None:
    """The proposal was refused or withdrawn: it ends before it began, so that another can be made."""
    row = _locked(int(request.body["target"]))
    row.effective_to = max(row.effective_from, opened.now.date() - timedelta(days=1))
    row.save(update_fields=["effective_to"])


def apply_change(opened: Opened, request: Request) -> Answer:
    """A second manager agreed: change, unless the target was changed meanwhile."""
    row = _locked(int(request.body["target"]))
    if row.version != request.body["version"]:
        raise Stale(what=_("The target"))
    before = Target.objects.get(pk=row.pk)
    _change(row, request.body)
    row.version += 1
    today = opened.now.date()
    level_changes = (row.required_mg, row.floor_mg) != (before.required_mg, before.floor_mg)
    if level_changes and row.effective_from < today and (row.effective_to is None or row.effective_to >= today):
        row.effective_from = today
        before.pk, before.effective_to = None, today - timedelta(days=1)
        before.save(force_insert=True)
    row.save()
    _rescan(opened)
    return {"target": row.pk, "version": row.version}


def _rescan(opened: Opened) -> None:
    outbox.emit("reserve.changed", {}, now=opened.now, command_id=opened.command_id)


def listing(*, user: User, ended_before: date | None = None) -> list[dict[str, Any]]:
    """Every target that has not ended before the given day, with its names. Masses in mg. One query."""
    require(user, "targets.see")
    rows = Target.objects.order_by("element__symbol", "material__code", "id")
    if ended_before:
        rows = rows.exclude(effective_to__lt=ended_before)
    found = rows.values(
        "id",
        "basis",
        "rule",
        "required_mg",
        "days",
        "daily_use_mg",
        "use_basis",
        "floor_mg",
        "only_compliant",
        "effective_from",
        "effective_to",
        "source",
        "approved_at",
        "version",
        material_code=F("material__code"),
        material_name=F("material__name"),
        element_symbol=F("element__symbol"),
        element_name=F("element__name"),
        form_code=F("form__code"),
        form_name=F("form__name"),
        site_code=F("site__code"),
        proposed_by_username=F("proposed_by__username"),
        approved_by_username=F("approved_by__username"),
        proposed_by_name=F("proposed_by__name"),
        approved_by_name=F("approved_by__name"),
    )
    return [_named(row) for row in found]


def _named(row: Any) -> dict[str, Any]:
    """The row with element and form as they are called within a sentence, in the language that is spoken."""
    element, form = names.spoken(row["element_name"] or ""), names.spoken(row["form_name"] or "")
    return {**row, "element_name": element, "form_name": names.lower(form)}


def state(row: dict[str, Any], *, today: date) -> str:
    """How a target of `listing` stands on a day: proposed, to come, in force, ended."""
    if row["effective_to"] is not None and row["effective_to"] < today:
        return "ended"
    if row["approved_at"] is None:
        return "proposed"
    return "to come" if row["effective_from"] > today else "in force"


def one(*, user: User, target_id: int) -> dict[str, Any]:
    """One target as in `listing`. Raises TargetNotFound."""
    for row in listing(user=user):
        if row["id"] == target_id:
            return row
    raise TargetNotFound()


ACTS = (
    requests.TwoPersonAct(SET, _("New target"), "targets.approve", apply_set, undo_set),
    requests.TwoPersonAct(CHANGE, _("Change of a target"), "targets.approve", apply_change),
)


def first_day() -> date | None:
    """The day on which the first target came into force. One query. Whoever calls has checked the act `targets.see`."""
    first: date | None = Target.objects.filter(approved_at__isnull=False).aggregate(day=Min("effective_from"))["day"]
    return first
