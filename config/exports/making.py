"""Exporting a list: exactly the rows, columns and order that its page shows, recorded with who, what and filters.

A short list becomes a file at once, in the command that asks for it; a long one becomes long work. Either way the file's
bytes stand in the database until they are cleared, and what it was stays in the log for ever.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import matrix
from config.accounts.models import User
from config.audit import commands, edge
from config.exports import files
from config.exports.models import Export, ExportChunk, ExportFile
from config.exports.refusals import (
    KeptTooMuch,
    RightsChanged,
    TooLarge,
    TooManyRows,
    UnderWay,
    UnknownFormat,
    UnknownList,
)
from config.jobs import work
from config.jobs.models import Work
from config.jobs.progress import Running
from config.jobs.schedule import Counts
from config.ui import figures, tables
from config.ui.tables import Column, Table, UnknownColumn

KIND = "exports.export"
CHUNK = 1_048_576
MB = 1_048_576
LONGEST_QUERY = 4_000
# What of an address is no filter: where one stands in the list, and which kept view it came from.
NO_FILTER = ("cursor", "view")


class _TooLong(Exception):
    """The list has more rows than become a file at once."""


@dataclass(frozen=True)
class Made:
    """A file on its way into the database: how many rows, its length, its SHA-256, for which rights."""

    rows: int
    size: int
    sha256: str
    rights: dict[str, Any]


# --- asking ---------------------------------------------------------------------------------------
def ask(
    by: commands.By, *, table: str, format: str, params: str, columns: Sequence[str] | None = None
) -> commands.Answer:
    """Export a list as `params` (a query string) narrows it. Answers {"export", "state", "list", "format", "rows"}.

    `columns` are keys, in any order; None takes those that the person sees. The state is done, or waiting where it is long.
    Refuses UnknownList, UnknownFormat, UnknownColumn, BadFilter, NotAllowed, TooLongForACell, UnderWay, KeptTooMuch.
    """
    request = {"list": table, "format": format, "params": params, "columns": list(columns) if columns else None}
    tongue = translation.get_language() or settings.LANGUAGE_CODE
    return commands.run(by, kind="exports.ask", request=request, act=lambda opened: _ask(opened, request, tongue))


def _ask(opened: commands.Opened, request: dict[str, Any], tongue: str) -> commands.Answer:
    person = opened.actor
    matrix.require(person, "exports.make")
    _need_room(person)
    table = _table(request["list"])
    if request["format"] not in Export.Format.values:
        raise UnknownFormat(format=str(request["format"])[:20])
    params = _params(request["params"])
    with translation.override(tongue):
        told = table.told(user=person, params=params, now=opened.now)
    export = Export(
        asked_by=person,
        asked_at=opened.now,
        command_id=opened.command_id,
        list=table.name,
        format=request["format"],
        filters=told,
        params=params.urlencode(),
        columns=[column.key for column in _columns(table, person, request["columns"])],
        language=tongue,
        file=uuid4(),
    )
    made = _at_once(export, opened.now)
    if made is None:
        _need_place(person)
        export.work_id = work.ask(opened, kind=KIND, about={"file": str(export.file), "list": table.name})
    export.save()
    if made is not None:
        _keep_file(export, made, opened.now)
    state = Work.State.WAITING if made is None else Work.State.DONE
    return {
        "export": export.pk,
        "state": str(state),
        "list": table.name,
        "format": export.format,
        "rows": made.rows if made else None,
    }


def _need_room(person: User) -> None:
    """Raise KeptTooMuch for who keeps too many bytes. Their row is held, so that their exports are weighed one by one."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    there = ExportChunk.objects.filter(number=0).values("file")
    kept = ExportFile.objects.filter(export__asked_by=person, export__file__in=there).aggregate(of=Sum("size"))["of"]
    if (kept or 0) >= settings.EXPORT_KEPT_MB * MB:
        raise KeptTooMuch(most=settings.EXPORT_KEPT_MB, hours=settings.EXPORT_KEEP_HOURS)


def _need_place(person: User) -> None:
    """Raise UnderWay for whom as many long exports are being made as may."""
    theirs = Work.objects.filter(kind=KIND, asked_by=person, state__in=Work.UNDER_WAY)
    if theirs.count() >= settings.EXPORTS_UNDER_WAY:
        raise UnderWay()


def _table(name: str) -> Table:
    known = [table.name for table in tables.every()]
    if name not in known:
        raise UnknownList(list=str(name)[:40], lists=", ".join(known))
    return tables.named(name)


def _params(query: str) -> QueryDict:
    """The filters of an address, without what is no filter."""
    text = edge.text(query, what=gettext_lazy("Filters"), longest=LONGEST_QUERY, field="params")
    params = QueryDict(text.removeprefix("?"), mutable=True)
    for name in NO_FILTER:
        params.pop(name, None)
    return params


def _columns(table: Table, person: User, keys: Sequence[str] | None) -> list[Column]:
    """The columns that go into the file: those named that the person may see, in the list's order; the row head always."""
    shown = tables.shown(table, user=person)
    if keys is None:
        return list(shown.filed)
    offered = [column for column in shown.offered if column.value is not None]
    for key in sorted(set(keys) - {column.key for column in offered}):
        raise UnknownColumn(column=str(key)[:40])
    return [column for at, column in enumerate(offered) if at == 0 or column.key in keys]


# --- making ---------------------------------------------------------------------------------------
def _at_once(export: Export, now: datetime) -> Made | None:
    """Make it here and now; None when it is too long for that."""

    def stop(count: int) -> None:
        if count > settings.EXPORT_AT_ONCE_ROWS:
            raise _TooLong

    try:
        with transaction.atomic():
            # All in one chunk, hence in one statement: no row moves between two.
            made = _make(export, export.asked_by, now, stop, size=settings.EXPORT_AT_ONCE_ROWS + 1)
            stop(made.rows)
            return made
    except _TooLong:
        return None


def _make(
    export: Export, person: User, now: datetime, tell: Callable[[int], None], *, size: int = tables.CHUNK
) -> Made:
    """Write the file, rights and rows as they are now, and put its bytes into the database.

    What the list is narrowed to counts from the moment it was asked for, as it was recorded then. Words are in the language
    that was asked in, masses in kg whatever unit the person reads them in.
    """
    table, params = _table(export.list), QueryDict(export.params)
    with translation.override(export.language), figures.preferring("kg"), tempfile.TemporaryFile() as spool:
        columns = _columns(table, person, export.columns)
        rows = table.rows(user=person, params=params, now=export.asked_at, size=size)

        def told(count: int) -> None:
            tell(count)
            if count > settings.EXPORT_MOST_ROWS:
                raise TooManyRows(most=settings.EXPORT_MOST_ROWS)
            if spool.tell() > settings.EXPORT_MOST_MB * MB:
                raise TooLarge(most=settings.EXPORT_MOST_MB)

        about = _about(export, table, person, now)
        count = files.write(spool, export.format, about=about, columns=columns, rows=rows, tell=told)
        size, digest = _store(spool, export.file, now)
    return Made(count, size, digest, rights_of(person))


def _about(export: Export, table: Table, person: User, now: datetime) -> files.About:
    return files.About(
        str(table.title),
        (
            (_("Filters"), export.filters or _("none: the whole list")),
            (_("Basis"), _("Masses are net and exact, in kg, unless the head says otherwise")),
            (_("As of"), now.isoformat(timespec="seconds").replace("+00:00", "Z")),
            (_("Exported by"), f"{person.name} ({person.username})"),
            (_("Sites"), ", ".join(person.site_codes) or _("all that the role may see")),
        ),
    )


def _store(spool: IO[bytes], file: UUID, now: datetime) -> tuple[int, str]:
    spool.seek(0, 2)
    size = spool.tell()
    if size > settings.EXPORT_MOST_MB * MB:
        raise TooLarge(most=settings.EXPORT_MOST_MB)
    spool.seek(0)
    digest, number = hashlib.sha256(), 0
    while data := spool.read(CHUNK):
        digest.update(data)
        ExportChunk.objects.create(file=file, number=number, data=data, made_at=now)
        number += 1
    return size, digest.hexdigest()


def rights_of(person: User) -> dict[str, Any]:
    """Under which rights a file was made: it is given out under no others."""
    return {"roles": sorted(person.roles), "sites": sorted(person.site_codes)}


def _keep_file(export: Export, made: Made, now: datetime) -> None:
    ExportFile.objects.create(
        export=export, rows=made.rows, size=made.size, sha256=made.sha256, made_at=now, rights=made.rights
    )


# --- as long work ---------------------------------------------------------------------------------
def _run(asked: Work, running: Running) -> Made:
    """Under the person's rights of now, at one instant of the reserve."""
    export = Export.objects.get(file=asked.about["file"])
    person = _person(export)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _make(export, person, running.now(), lambda count: running.at(count, None, _("Writing rows")))


def _person(export: Export) -> User:
    """Who asked, as they are now. Raises RightsChanged for who was shut out."""
    person = User.objects.get(pk=export.asked_by_id)
    if not person.is_active:
        raise RightsChanged()
    return person


def _keep(asked: Work, made: Made, now: datetime) -> dict[str, Any]:
    export = Export.objects.get(file=asked.about["file"])
    if rights_of(_person(export)) != made.rights:
        raise RightsChanged()
    _keep_file(export, made, now)
    return {"export": export.pk, "rows": made.rows}


def _drop(asked: Work) -> None:
    ExportChunk.objects.filter(file=asked.about["file"]).delete()


def _title(about: dict[str, Any]) -> str:
    return _("Export of {list}").format(list=tables.title(about["list"]))


def _leads(asked: Work) -> tuple[str, str]:
    return _("To the file"), reverse("export", args=[asked.result["export"]])


EXPORT = work.Kind(name=KIND, title=_title, run=_run, keep=_keep, drop=_drop, leads=_leads)


def clear(*, now: datetime) -> Counts:
    """Delete the bytes of files that were kept long enough. What they were stays in the log."""
    old = now - timedelta(hours=settings.EXPORT_KEEP_HOURS)
    gone, _rows = ExportChunk.objects.filter(made_at__lt=old).delete()
    return Counts(seen=gone, changed=gone)
