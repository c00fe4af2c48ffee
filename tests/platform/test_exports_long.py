"""Long exports: made by a worker under the rights of then, flat in memory, nothing left when they stop in the middle."""

import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from config.accounts.models import User
from config.audit.commands import By
from config.exports import files, log, making
from config.exports.models import Export, ExportChunk, ExportFile
from config.exports.refusals import NotReady, UnderWay
from config.jobs import work
from config.jobs.models import Work
from config.jobs.progress import Cancelled, Steps
from config.ui.tables import Column
from tests.concurrency.together import together


@pytest.fixture
def ada(transactional_db: None, settings: Any) -> User:
    settings.EXPORT_AT_ONCE_ROWS = 100
    ada = User.objects.create_user("ada", "a-long-password-7", name="Ada", roles=["administrator"])
    User.objects.bulk_create(
        User(username=f"person{n:03}", name=f"=Person {n}", roles=["auditor"], site_codes=[]) for n in range(250)
    )
    return ada


def ask(ada: User) -> dict[str, Any]:
    by = By(actor=ada, key=uuid4(), now=timezone.now())
    return making.ask(by, table="people", format="plain", params="")


def test_a_long_list_becomes_long_work_and_then_a_file(ada: User) -> None:
    made = ask(ada)
    assert (made["state"], log.one(ada, made["export"]).state) == ("waiting", "waiting")
    assert not ExportChunk.objects.exists()
    with pytest.raises(NotReady):
        log.file(ada, made["export"])
    assert work.carry_out(Work.objects.get().pk, now=timezone.now())
    row = log.one(ada, made["export"])
    assert (row.state, row.error, row.rows) == ("done", "", 251)
    data = b"".join(log.file(ada, made["export"]).chunks).decode()
    assert data.count("\r\n") == 252
    assert "'=Person 7" in data


def test_one_person_has_one_under_way(ada: User) -> None:
    outcomes = together(lambda: ask(ada), lambda: ask(ada))
    assert sorted(isinstance(outcome, UnderWay) for outcome in outcomes) == [False, True], outcomes
    assert (Work.objects.count(), Export.objects.count()) == (1, 1)
    assert ask(User.objects.create_user("adm", None, name="Adm", roles=["administrator"]))["state"] == "waiting"
    work.cancel(By(actor=ada, key=uuid4(), now=timezone.now()), number=Export.objects.get(asked_by=ada).work_id or 0)
    assert ask(ada)["state"] == "waiting"


@pytest.mark.parametrize("change", [{"roles": ["warehouse"]}, {"is_active": False}])
def test_rights_that_changed_before_it_ran_hold(ada: User, change: dict[str, Any]) -> None:
    number = ask(ada)["export"]
    User.objects.filter(pk=ada.pk).update(**change)
    work.carry_out(Work.objects.get().pk, now=timezone.now())
    row = log.one(ada, number)
    assert row.state == "failed"
    assert row.error
    assert not ExportChunk.objects.exists()
    assert not ExportFile.objects.exists()


class StopsAt(Steps):
    def at(self, done: int, total: int | None = None, doing: str = "") -> None:
        if done >= 200:
            raise Cancelled


def test_stopped_in_the_middle_it_leaves_nothing(ada: User) -> None:
    ask(ada)
    export, steps = Export.objects.get(), StopsAt()
    with pytest.raises(Cancelled):
        making._make(export, ada, timezone.now(), lambda count: steps.at(count))
    assert not ExportChunk.objects.exists()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_memory_stays_flat_however_many_rows(format: str) -> None:
    columns = [
        Column("name", "Name", lambda row: f"=name {row}"),
        Column("net", "Net, kg", lambda row: Decimal(row).scaleb(-6)),
        Column("on", "On", lambda row: date(2026, 11, 24)),
    ]
    about = files.About("Rows", (("Filters", "none"),))
    peaks = []
    for many in (1_000, 10_000) if format == "csv" else (500, 5_000):

        def rows(many: int = many) -> Iterator[int]:
            yield from range(many)

        with tempfile.TemporaryFile() as to:
            tracemalloc.start()
            assert files.write(to, format, about=about, columns=columns, rows=rows(), tell=lambda _: None) == many
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 500_000, peaks
