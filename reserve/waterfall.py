"""The waterfall of one target as people read it: what each step takes out, in words, and the lots behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.ui import charts
from config.ui.conditions import NOT_ACCEPTED
from inventory import names
from reserve.shortfall import ShortfallRow

ACCEPTED = "ABC"
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "physical": (_("Held anywhere"), ""),
    "in store": (_("In a store"), _("in quarantine, in transit, at a processor or on loan")),
    "accepted": (_("Accepted: condition A, B or C"), _("on hold, in dispute, in work or rejected")),
    "in date": (_("In date"), _("past its retest or expiry date")),
    "compliant": (_("Compliant"), _("sourcing not proven, or barred")),
    "free": (_("Free, so eligible"), _("allocated to somebody")),
}
NOT_ASKED: str | Promise = _("this target does not ask for it")


@dataclass(frozen=True)
class Drop:
    """One step: what is left (`left_url` lists those lots), what it took out and where those lots are. Masses in mg."""

    name: str
    label: str | Promise
    note: str | Promise
    left_mg: int
    lost_mg: int
    held_width: str
    lost_width: str
    left_query: str
    lost_queries: list[tuple[str | Promise, str]]

    @property
    def change_mg(self) -> int:
        return -self.lost_mg


class Subject(Protocol):
    """A material, or an element in a form; at one site or anywhere: what a target or a flag is about."""

    @property
    def material(self) -> str: ...
    @property
    def element(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def site(self) -> str: ...


def lots_query(about: Subject, **narrower: str) -> str:
    """Query string of the lot list: the lots held of it; its filters are those of `inventory.lots.LotFilters`."""
    subject = {"material": about.material} if about.material else {"element": about.element, "form": about.form}
    given = {**subject, "site": about.site, "held": "yes", **narrower}
    return "?" + urlencode({name: value for name, value in given.items() if value})


def steps(row: ShortfallRow, *, as_of: date, today: date) -> list[Drop]:
    """The steps from physical to eligible. For days that have passed they carry no links: lots are listed as they are now."""
    links = _Links(row, as_of) if as_of >= today else None
    total = max(row.physical_mg, 1)
    return [
        Drop(
            name=step.name,
            label=WORDS[step.name][0],
            note=_note(row, step.name, step.lost_mg),
            left_mg=step.left_mg,
            lost_mg=step.lost_mg,
            held_width=charts.share(charts.part(step.left_mg, total)),
            lost_width=charts.share(charts.part(step.lost_mg, total)),
            left_query=links.left(step.name) if links and step.left_mg else "",
            lost_queries=list(links.lost(step.name)) if links and step.lost_mg else [],
        )
        for step in row.waterfall
    ]


def _note(row: ShortfallRow, name: str, lost_mg: int) -> str | Promise:
    if name == "compliant" and not row.only_compliant:
        return NOT_ASKED
    return WORDS[name][1] if lost_mg else ""


@dataclass(frozen=True)
class _Links:
    """Query strings for the lots behind each step."""

    row: ShortfallRow
    as_of: date

    def _query(self, **narrower: str) -> str:
        return lots_query(self.row, **narrower)

    def left(self, name: str) -> str:
        if name == "physical":
            return self._query()
        if name == "in store":
            return self._query(place="store")
        verdict = "compliant" if self.row.only_compliant and name in ("compliant", "free") else ""
        return self._query(place="store", condition=ACCEPTED, verdict=verdict)

    def lost(self, name: str) -> Iterator[tuple[str | Promise, str]]:
        if name == "in store":
            for place in ("quarantine", "transit", "processor", "borrower"):
                yield names.KINDS_OF_PLACE[place], self._query(place=place)
        elif name == "accepted":
            yield _("not accepted"), self._query(place="store", condition=NOT_ACCEPTED)
        elif name == "in date":
            yield _("out of date"), self._query(place="store", condition=ACCEPTED, due_before=self.as_of.isoformat())
        elif name == "compliant":
            for verdict in ("unknown", "barred"):
                yield names.VERDICTS[verdict], self._query(place="store", condition=ACCEPTED, verdict=verdict)
