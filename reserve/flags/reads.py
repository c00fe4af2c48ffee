"""Flags as people read them: the list, one with what happened to it, and who may own one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_noop

from config.accounts.matrix import ACTS, require
from config.accounts.models import User
from config.ui import figures, recorded
from inventory import names
from reserve import severity as severities
from reserve.flags.acts import FlagNotFound
from reserve.models import Flag, FlagEvent


@dataclass(frozen=True)
class FlagRow:
    """One flag; masses in mg as of the last scan. `target` names what is short."""

    id: int
    kind: str
    target: int | None
    name: str
    site: str
    element: str
    material: str
    form: str
    basis: str
    state: str
    severity: str
    owner: str
    owner_username: str
    note: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    waived_until: date | None
    reopened: int
    required_mg: int
    eligible_mg: int
    on_order_mg: int
    opening: dict[str, Any]

    @property
    def short_mg(self) -> int:
        return max(self.required_mg - self.eligible_mg, 0)

    @property
    def level(self) -> str:
        """How its severity is coloured."""
        return severities.level(self.severity)

    @property
    def unit(self) -> str:
        """The unit in which its masses read well."""
        return figures.unit_for(self.required_mg)


# What happens to a flag, and how the note of some of it begins.
ACTS_OF_FLAGS = (
    gettext_noop("Opened"),
    gettext_noop("Closed"),
    gettext_noop("Reopened"),
    gettext_noop("Acknowledged"),
    gettext_noop("Assigned"),
    gettext_noop("Waived"),
    gettext_noop("Waiver ended"),
)
NOTES = {"assigned": [gettext_noop("To {name}. {note}")], "waived": [gettext_noop("Until {day}. {note}")]}


@dataclass(frozen=True)
class EventRow:
    act: str
    who: str
    note: str
    facts: dict[str, Any]
    happened_at: datetime

    @property
    def told(self) -> str:
        """The note, with what the system put before it in the language that is spoken."""
        return recorded.told(self.note, NOTES.get(self.act, ()))

    @property
    def eligible_mg(self) -> int | None:
        """What was eligible then, where the event says so."""
        return int(self.facts["eligible_mg"]) if "eligible_mg" in self.facts else None

    @property
    def required_mg(self) -> int | None:
        return int(self.facts["required_mg"]) if "required_mg" in self.facts else None


def listing(*, user: User, state: str = "", severity: str = "", owner: str = "") -> list[FlagRow]:
    """Flags, worst and oldest first; those not closed unless `state` asks otherwise ('all', or one state). One query."""
    require(user, "flags.see")
    flags = Flag.objects.all()
    if not state:
        flags = flags.exclude(state=Flag.State.CLOSED)
    elif state != "all":
        flags = flags.filter(state=state)
    if severity:
        flags = flags.filter(severity=severity)
    if owner:
        flags = flags.filter(owner__username=owner)
    rows = [_row(line) for line in _values(flags.order_by("-opened_at", "-id")[:500])]
    return sorted(
        rows, key=lambda row: (row.state == "closed", severities.WORST_FIRST.index(row.severity), row.opened_at)
    )


def turned(*, user: User, since: datetime, until: datetime, most: int) -> list[FlagRow]:
    """The latest `most` flags that opened or closed after `since` and up to `until`, the latest first. One query."""
    require(user, "flags.see")
    opened = Q(opened_at__gt=since, opened_at__lte=until)
    closed = Q(closed_at__gt=since, closed_at__lte=until)
    flags = Flag.objects.filter(opened | closed).annotate(turned_at=Coalesce("closed_at", "opened_at"))
    return [_row(line) for line in _values(flags.order_by("-turned_at", "-id")[:most])]


def count_open() -> int:
    """How many flags are neither closed nor waived. One query."""
    return Flag.objects.filter(state__in=[Flag.State.OPEN, Flag.State.ACKNOWLEDGED]).count()


def count_events(*, since: datetime) -> dict[str, int]:
    """What happened to flags since a moment: act -> how often. One query."""
    rows = FlagEvent.objects.filter(happened_at__gte=since).values_list("act").annotate(Count("pk"))
    return dict(rows.order_by())


def owners() -> list[tuple[str, str]]:
    """User name and name of everybody who may own a flag, by name. One query."""
    people = User.objects.filter(is_active=True, roles__overlap=[str(role) for role in ACTS["flags.acknowledge"].roles])
    return list(people.order_by("name", "username").values_list("username", "name"))


def one(*, user: User, flag_id: int) -> tuple[FlagRow, list[EventRow]]:
    """A flag and what happened to it, oldest first. Raises FlagNotFound."""
    require(user, "flags.see")
    lines = list(_values(Flag.objects.filter(pk=flag_id)))
    if not lines:
        raise FlagNotFound()
    events = FlagEvent.objects.filter(flag_id=flag_id).order_by("id")
    named = events.values_list("act", "actor__name", "note", "facts", "happened_at")
    return _row(lines[0]), [
        EventRow(act, who or gettext("The scan"), note, facts, at) for act, who, note, facts, at in named
    ]


def _values(flags: Any) -> Any:
    return flags.values(
        "id",
        "kind",
        "state",
        "severity",
        "note",
        "opened_at",
        "updated_at",
        "closed_at",
        "waived_until",
        "reopened",
        "required_mg",
        "eligible_mg",
        "on_order_mg",
        "opening",
        "subject",
        target_key=F("target_id"),
        owner_name=F("owner__name"),
        owner_code=F("owner__username"),
        site=F("target__site__code"),
        element=F("target__element__symbol"),
        element_name=F("target__element__name"),
        form=F("target__form__code"),
        form_name=F("target__form__name"),
        material=F("target__material__code"),
        material_name=F("target__material__name"),
        basis=F("target__basis"),
    )


def _row(line: dict[str, Any]) -> FlagRow:
    element, form = line.pop("element_name"), line.pop("form_name")
    material = line.pop("material_name")
    del line["subject"]
    name = material or (
        names.spoken(f"{element.capitalize()}, {form.lower()}") if element else gettext("The ledger differs")
    )
    for key in ("site", "element", "form", "material", "basis"):
        line[key] = line[key] or ""
    line["owner"], line["owner_username"] = line.pop("owner_name") or "", line.pop("owner_code") or ""
    return FlagRow(name=name, target=line.pop("target_key"), **line)
