"""The exports log: who took which list, narrowed to what, and what became of it; and the files of one's own. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit import edge, keyset
from config.audit.keyset import Order, Page
from config.exports.making import rights_of
from config.exports.models import Export, ExportChunk
from config.exports.refusals import ExportNotFound, Gone, NotReady, RightsChanged
from config.jobs import work
from config.jobs.work import WorkRow
from config.ui import tables

NEWEST = Order("newest", "id", int, descending=True)
STATES: dict[str, str | Promise] = {
    "waiting": _("waiting"),
    "running": _("running"),
    "done": _("ready"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "gone": _("cleared"),
}
FORMATS: dict[str, str | Promise] = {
    "xlsx": _("spreadsheet (XLSX)"),
    "csv": _("CSV for spreadsheets"),
    "plain": _("CSV for programs"),
}
ENDS = {"xlsx": "xlsx", "csv": "csv", "plain": "csv"}


@dataclass(frozen=True)
class ExportRow:
    """One export as it stands. `rows`, `size`, `sha256` and `made_at` are None until there is a file, and stay when it goes."""

    id: int
    list_name: str
    title: str
    format: str
    filters: str
    params: str
    columns: list[str]
    name: str
    username: str
    asked_at: datetime
    state: str
    rows: int | None
    size: int | None
    sha256: str | None
    made_at: datetime | None
    kept_until: datetime | None
    own: bool
    work: int | None
    error: str

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def heads(self) -> list[str]:
        """The columns as the list calls them."""
        known = tables.labels(self.list_name)
        return [known.get(key, key) for key in self.columns]

    @property
    def as_file(self) -> str:
        return str(FORMATS[self.format])

    @property
    def fetchable(self) -> bool:
        return self.own and self.state == "done"


def listing(user: User, *, search: str = "", cursor: str = "", size: int = keyset.SIZE) -> Page[ExportRow]:
    """One's own exports, or everybody's for who may see the log, the latest first; three queries. Raises BadCursor."""
    rows = _visible(user)
    if word := edge.text(search, what=_("Search"), longest=64):
        rows = rows.filter(list__icontains=word) | rows.filter(asked_by__username__icontains=word)

    def read(found: list[dict[str, Any]]) -> list[ExportRow]:
        kept = {export.pk: export for export in _whole().filter(pk__in=[line["id"] for line in found])}
        return [_row(kept[line["id"]], user) for line in found]

    return keyset.page(rows.values("id"), order=NEWEST, cursor=cursor, size=size, read=read)


def since(user: User, *, at: datetime, most: int) -> keyset.Few[ExportRow]:
    """The latest `most` exports asked for after a moment, of those that the person may see, and how many there are."""
    rows = (_whole() & _visible(user)).filter(asked_at__gt=at).order_by("-asked_at", "-id")
    return keyset.few(rows, most=most, read=lambda found: [_row(export, user) for export in found])


def one(user: User, number: int) -> ExportRow:
    """One export that the person may see. Raises ExportNotFound."""
    return _row(_found(user, number), user)


def progress(user: User, number: int) -> WorkRow | None:
    """How far the work of a long export is; None for a short one. Raises ExportNotFound."""
    export = _found(user, number)
    return work.row_of(export.work, user=user) if export.work else None


@dataclass(frozen=True)
class File:
    name: str
    type: str
    size: int
    chunks: Iterator[bytes]


def file(user: User, number: int) -> File:
    """The file, for who asked for it and nobody else, under the rights that it was made with.

    Raises ExportNotFound, NotReady, Gone, RightsChanged; NotAllowed where the list is closed to them by now.
    """
    export = _found(user, number)
    row = _row(export, user)
    if not row.own:
        raise ExportNotFound()
    if row.state == "gone":
        raise Gone(hours=settings.EXPORT_KEEP_HOURS)
    if row.state != "done":
        raise NotReady(state=STATES[row.state])
    matrix.require(user, tables.named(export.list).act)
    if export.made.rights != rights_of(user):
        raise RightsChanged()
    kind = "text/csv; charset=utf-8" if export.format != "xlsx" else XLSX
    name = f"{export.list}-{export.asked_at:%Y-%m-%d}-{export.pk}.{ENDS[export.format]}"
    return File(name, kind, export.made.size, _chunks(export))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chunks(export: Export) -> Iterator[bytes]:
    number = 0
    while True:
        data = ExportChunk.objects.filter(file=export.file, number=number).values_list("data", flat=True).first()
        if data is None:
            return
        yield bytes(data)
        number += 1


def _visible(user: User) -> QuerySet[Export]:
    rows = Export.objects.all()
    return rows if matrix.permits(user, "exports.see") else rows.filter(asked_by=user)


def _whole() -> QuerySet[Export]:
    there = ExportChunk.objects.filter(file=OuterRef("file"), number=0)
    return Export.objects.select_related("asked_by", "made", "work__asked_by").annotate(there=Exists(there))


def _found(user: User, number: int) -> Any:
    export = (_whole() & _visible(user)).filter(pk=number).first()
    if export is None:
        raise ExportNotFound()
    return export


def _row(export: Any, user: User) -> ExportRow:
    made = getattr(export, "made", None)
    state = export.work.state if export.work and not made else "done"
    if made and not (export.there and made.size):
        state = "gone"
    return ExportRow(
        id=export.pk,
        list_name=export.list,
        title=tables.title(export.list),
        format=export.format,
        filters=export.filters,
        params=export.params,
        columns=export.columns,
        name=export.asked_by.name,
        username=export.asked_by.username,
        asked_at=export.asked_at,
        state=state,
        rows=made.rows if made else None,
        size=made.size if made else None,
        sha256=made.sha256 if made else None,
        made_at=made.made_at if made else None,
        kept_until=made.made_at + timedelta(hours=settings.EXPORT_KEEP_HOURS) if made and state == "done" else None,
        own=export.asked_by_id == user.pk,
        work=export.work_id,
        error=export.work.error if export.work else "",
    )
