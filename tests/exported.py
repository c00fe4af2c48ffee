"""What a person gets who exports a list: the bytes of the file, and its rows."""

import csv
import io
import zipfile
from typing import Any

from config.exports import log, making
from tests.world import World


def raw(world: World, who: str, table: str, **asked: Any) -> bytes:
    """The bytes of a file that the person asks for now; of a spreadsheet, what its parts hold."""
    made = making.ask(world.by(who), table=table, **{"format": "plain", "params": "", **asked})
    data = b"".join(log.file(world.people[who], made["export"]).chunks)
    if asked.get("format") != "xlsx":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist())


def exported(world: World, who: str, table: str, columns: list[str] | None = None, **asked: Any) -> list[list[str]]:
    """Head and rows of a CSV for programs."""
    data = raw(world, who, table, columns=columns, **asked)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
