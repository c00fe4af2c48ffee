"""Exports: exactly the rows, columns and order of the list; recorded; fetched by who asked, under unchanged rights."""

import csv
import hashlib
import io
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext_lazy

from config.accounts.models import User
from config.exports import cells, files, log, making
from config.exports.models import Export, ExportChunk, ExportFile
from config.exports.refusals import ExportNotFound, Gone, KeptTooMuch, RightsChanged, TooLongForACell
from config.ui import figures, tables
from config.ui.tables import BadFilter, Column, UnknownColumn
from procurement.models import Supplier
from procurement.tables import SUPPLIERS
from tests.counting import the_same_at_3_and_30
from tests.pages import People
from tests.rest import Callers
from tests.world import World

COLUMNS = ["lot", "net"]


def take(world: World, who: str, **given: Any) -> dict[str, Any]:
    asked = {"table": "lots", "format": "plain", "params": "", **given}
    return making.ask(world.by(who), **asked)


def content(world: World, who: str, number: int) -> bytes:
    return b"".join(log.file(world.people[who], number).chunks)


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets(data: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """Type and text of every cell, by sheet."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in (entry for entry in book.namelist() if entry.startswith("xl/worksheets/sheet")):
            root = ElementTree.fromstring(book.read(name))
            assert not list(root.iter(f"{space}f")), "a formula"
            assert not list(root.iter(f"{space}hyperlink"))
            found[name[-10:-4]] = [
                [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{space}c")]
                for row in root.iter(f"{space}row")
            ]
    return found


def test_the_file_has_the_rows_columns_and_order_that_the_page_shows(world: World, people: People) -> None:
    for kg in ("10", "30.000001", "20"):
        world.stock(kg)
    made = take(world, "pia", columns=COLUMNS)
    assert made["state"] == "done"
    head, *rows = table(content(world, "pia", made["export"]))
    page = people.pia.get("/lots/")
    places = [page.index(row[0]) for row in rows]
    assert places == sorted(places)
    assert len(rows) == 3
    assert head[1].endswith("kg")
    assert {row[1] for row in rows} == {"10", "30.000001", "20"}


def test_it_is_narrowed_as_the_address_says_and_says_so(world: World) -> None:
    world.stock("10")
    other = world.stock("20", location="BRA-S1", who="cem")
    made = take(world, "pia", params="?site=BRA&cursor=xyz&view=4", format="csv")
    data = content(world, "pia", made["export"])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = table(data)
    assert rows[-1][0] == other
    assert next(row for row in rows if row and row[0] == "Filters")[1] == log.one(world.pia, made["export"]).filters
    assert "Braga" in rows[1][1] or "BRA" in rows[1][1]
    with pytest.raises(BadFilter):
        take(world, "pia", params="site=BRA&condition=nonsense")


def test_a_row_that_moves_meanwhile_stands_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Supplier.objects.bulk_create(Supplier(code=f"S-{n:03}", name=f"Supplier {n}", country="FR") for n in range(550))

    def find(form: Any, **asked: Any) -> Any:
        page = SUPPLIERS.find(form, **asked)
        Supplier.objects.filter(code="S-000").update(code="T-000")
        return page

    monkeypatch.setitem(tables._tables, "moving", replace(SUPPLIERS, name="moving", find=find))
    made = take(world, "pia", table="moving", columns=["supplier"])
    names = [row[0] for row in table(content(world, "pia", made["export"]))]
    assert len(names) == len(set(names)) == made["rows"] + 1


def test_filters_count_from_the_moment_of_asking_and_are_told_with_their_time(world: World) -> None:
    world.stock("10")
    until = world.later(hours=1)
    number = take(world, "dee", table="changes")["export"]
    export = Export.objects.get(pk=number)
    assert f"and up to {figures.moment(until)}" in export.filters
    assert f"{until:%H:%M} UTC" in export.filters
    ExportChunk.objects.all().delete()
    later = world.later(days=8)
    assert making._make(export, world.dee, later, lambda count: None).rows == log.one(world.dee, number).rows == 2


def test_one_person_keeps_so_much_and_no_more(world: World, people: People, settings: Any) -> None:
    world.stock("10")
    take(world, "ana")
    settings.EXPORT_KEPT_MB = 0
    with pytest.raises(KeptTooMuch, match="each is cleared in the night after 24 hours"):
        take(world, "ana")
    answer = people.ana.send("/lots/", "/exports/of/lots/", format="plain")
    assert answer["Location"] == "/lots/"
    assert "kept for one person" in people.ana.get("/lots/")
    settings.EXPORT_KEPT_MB = 0.000001
    assert take(world, "ben")["state"] == "done", "another's files take nothing of it"
    making.clear(now=world.now + timedelta(hours=25))
    assert take(world, "ana")["state"] == "done"


def test_it_is_recorded_with_who_what_filters_and_fingerprint_for_ever(world: World) -> None:
    world.stock("10")
    number = take(world, "ana", columns=COLUMNS)["export"]
    row = log.one(world.aud, number)
    assert (row.username, row.list_name, row.columns, row.rows) == ("ana", "lots", COLUMNS, 1)
    assert row.sha256 == hashlib.sha256(content(world, "ana", number)).hexdigest()
    for change in (
        Export.objects.filter(pk=number).delete,
        lambda: Export.objects.filter(pk=number).update(filters=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_refuses_an_export_that_cannot_be(world: World) -> None:
    world.stock("10")
    number = take(world, "ana")["export"]
    row, file = Export.objects.get(pk=number), ExportFile.objects.get(export=number)
    chunk = ExportChunk.objects.filter(file=row.file)[0]
    for copied, changed, named in (
        (row, {"format": "pdf"}, "export_format_is_known"),
        (file, {"rows": -1}, "export_file_counts_not_negative"),
        (file, {"size": -1}, "export_file_counts_not_negative"),
        (chunk, {}, "export_chunk_stands_once"),
    ):
        copied.pk = None
        copied._state.adding = True
        for name, value in changed.items():
            setattr(copied, name, value)
        with pytest.raises(IntegrityError, match=named), transaction.atomic():
            copied.save(force_insert=True)


def test_a_person_gets_the_rows_of_their_sites_and_no_list_that_is_closed_to_them(world: World, people: People) -> None:
    mine, foreign = world.stock("10"), world.stock("20", location="BRA-S1", who="cem")
    data = content(world, "ana", take(world, "ana")["export"]).decode()
    assert mine in data
    assert foreign not in data
    for name in ("targets", "orders", "flags", "people"):
        answer = people.ana.post(f"/exports/of/{name}/", {"format": "csv"})
        assert answer.status_code == 403, name
    assert Export.objects.count() == 1


def test_the_file_is_for_who_asked_under_unchanged_rights(world: World) -> None:
    world.stock("10")
    number = take(world, "ana")["export"]
    for who in ("dee", "ben", "aud"):
        with pytest.raises(ExportNotFound):
            log.file(world.people[who], number)
    User.objects.filter(username="ana").update(site_codes=["ANT", "BRA"])
    with pytest.raises(RightsChanged):
        log.file(User.objects.get(username="ana"), number)


def test_files_are_cleared_and_the_record_stays(world: World) -> None:
    world.stock("10")
    number = take(world, "ana")["export"]
    making.clear(now=world.now + timedelta(hours=23))
    assert log.one(world.ana, number).state == "done"
    making.clear(now=world.now + timedelta(hours=25))
    assert not ExportChunk.objects.exists()
    row = log.one(world.ana, number)
    assert (row.state, row.rows) == ("gone", 1)
    with pytest.raises(Gone):
        log.file(world.ana, number)


def test_columns_that_the_list_does_not_have_are_refused(world: World) -> None:
    with pytest.raises(UnknownColumn):
        take(world, "ana", columns=["lot", "secret"])


def test_a_spreadsheet_keeps_numbers_as_numbers_and_text_as_text(world: World) -> None:
    hostile = "=cmd|' /C calc'!A0"
    world.receive("12.000001", supplier_lot=hostile)
    world.receive("4", supplier_lot="https://evil.example/" + "x" * 20)
    made = take(world, "ana", format="xlsx", columns=["lot", "net", "supplier_lot"])
    book = sheets(content(world, "ana", made["export"]))
    cells_ = [cell for row in book["sheet1"] for cell in row]
    assert ("n", "12.000001") in cells_
    assert ("inlineStr", hostile) in cells_
    assert any("Exported by" in text for row in book["sheet2"] for _, text in row)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "−"])
def test_no_text_begins_a_formula(first: str) -> None:
    assert cells.csv(f"{first}1+1").startswith("'")
    assert "'=" in cells.csv(f"ok;={first}")


def test_a_text_that_waits_for_its_language_is_text_too() -> None:
    assert cells.csv(gettext_lazy("=1+1")) == "'=1+1"
    assert [cells.csv(value) for value in (None, True, -5, date(2026, 11, 24))] == ["", "true", "-5", "2026-11-24"]


def test_a_spreadsheet_holds_a_text_whole_or_says_that_it_cannot() -> None:
    column, about = Column("full", "In full", lambda row: "x" * row), files.About("Rows", ())

    def write(format: str, length: int) -> int:
        with tempfile.TemporaryFile() as to:
            return files.write(to, format, about=about, columns=[column], rows=[length], tell=lambda _: None)

    assert write("xlsx", files.LONGEST_CELL) == write("csv", files.LONGEST_CELL + 1) == 1
    with pytest.raises(TooLongForACell, match="In full.*Export the list as CSV"):
        write("xlsx", files.LONGEST_CELL + 1)


def test_numbers_stay_exact_numbers() -> None:
    assert cells.csv(Decimal("-5.000000")) == "-5"
    assert cells.csv(Decimal("9223372036854.775807")) == "9223372036854.775807"
    assert not cells.is_number(Decimal("9223372036854.775807")), "a double would round it"
    assert cells.is_number(Decimal("1234567.000001"))
    long = "=" + "ض" * 10_000
    assert cells.csv(long) == f"'{long}"


def test_queries(world: World) -> None:
    def make(more: int) -> None:
        start = Supplier.objects.count()
        Supplier.objects.bulk_create(Supplier(code=f"S-{start + n}", name="Any", country="FR") for n in range(more))

    the_same_at_3_and_30("export at once", make=make, read=lambda: take(world, "pia", table="suppliers"))


# --- pages ----------------------------------------------------------------------------------------
def test_the_button_gives_the_file_at_once_and_once(world: World, people: People) -> None:
    world.stock("10")
    form = people.ana.form("/lots/?site=ANT", "/exports/of/lots/")
    assert form["params"] == "site=ANT"
    for _ in range(2):
        answer = people.ana.post("/exports/of/lots/", {**form, "format": "plain"})
        assert answer.status_code == 303
    file: Any = people.ana.client.get(answer["Location"])
    assert file.status_code == 200
    assert file["Content-Disposition"].startswith("attachment; filename=")
    assert file["Cache-Control"] == "no-store"
    assert int(file["Content-Length"]) == len(b"".join(file.streaming_content))
    assert Export.objects.count() == 1


def test_who_reads_french_and_pounds_gets_french_heads_and_plain_values_in_kg(world: World, people: People) -> None:
    lot = world.receive("1234.500001")
    people.ana.post("/preferences/", {"language": "fr", "mass_unit": "lb"})
    world.ana.refresh_from_db()
    got = {}
    for format in ("plain", "csv", "xlsx"):
        form = people.ana.form("/lots/?site=ANT", "/exports/of/lots/")
        made = people.ana.post("/exports/of/lots/", {**form, "format": format, "columns": "lot,net,free,received"})
        file: Any = people.ana.client.get(made["Location"])
        got[format] = b"".join(file.streaming_content)
    head, row = table(got["plain"])
    assert (head[0], [word for word in head if word.endswith("kg")]) == ("Lot", ["Net, kg", "Libre, kg"])
    assert row == [lot, "1234.500001", "1234.500001", "2026-11-02T09:00:00Z"]
    lines = table(got["csv"])
    assert ["Filtres", "Site Antwerp"] in lines or ["Filtres", "Site ANT Antwerp"] in lines
    assert lines[-2:] == [head, row]
    book = sheets(got["xlsx"])["sheet1"]
    assert [text for _, text in book[0]] == head
    assert ("n", "1234.500001") in book[1]


def test_a_filter_that_cannot_be_read_is_said_on_the_list(people: People) -> None:
    answer = people.ana.post("/exports/of/lots/", {"format": "doc"})
    assert answer["Location"] == "/lots/"
    assert "is no format" in people.ana.get("/lots/")


def test_the_log_shows_everybodys_to_manager_and_auditor_and_ones_own_to_others(world: World, people: People) -> None:
    world.stock("10")
    ana, pia = take(world, "ana")["export"], take(world, "pia")["export"]
    for who, seen in (("aud", {ana, pia}), ("dee", {ana, pia}), ("ana", {ana}), ("cem", set())):
        html = getattr(people, who).get("/exports/")
        assert {n for n in (ana, pia) if f'href="/exports/{n}/"' in html} == seen
    assert "SHA-256" in people.aud.get(f"/exports/{ana}/")
    assert "/file/" not in people.aud.get(f"/exports/{ana}/")


def test_a_foreign_export_is_answered_like_one_that_is_not_there(world: World, people: People, api: Callers) -> None:
    number = take(world, "ana")["export"]
    for path in ("/exports/{}/", "/exports/{}/file/"):
        pages = [people.cem.client.get(path.format(n)) for n in (number, number + 1000)]
        assert [page.status_code for page in pages] == [404, 404]
    for path in ("exports/{}/", "exports/{}/file/"):
        here, nowhere = (api.cem.get(path.format(n)) for n in (number, number + 1000))
        assert (here.status, here.body) == (404, nowhere.body)


# --- API ------------------------------------------------------------------------------------------
def test_the_api_makes_lists_and_sends_exports(world: World, api: Callers) -> None:
    world.stock("10")
    made = api.ana.post("exports/", {"list": "lots", "format": "plain", "columns": COLUMNS})
    assert (made.status, made["state"], made["rows"]) == (201, "done", 1)
    assert api.ana.get("exports/")["results"][0]["id"] == made["id"]
    file: Any = api.ana.client.get(made["file"], headers={"Authorization": f"Token {api.ana.token}"})
    assert b"".join(file.streaming_content).count(b"\r\n") == 2
    assert api.ana.post("exports/", {"list": "nothing", "format": "plain"})["code"] == "unknown_list"
    assert api.ana.post("exports/", {"list": "orders", "format": "plain"}).status == 403
    assert api.ana.post(f"exports/{made['id']}/cancel/", {})["code"] == "already_over"


def test_exports_are_slowed_down(world: World, api: Callers, settings: Any) -> None:
    settings.PACE = {**settings.PACE, "export": (2, 0.001)}
    statuses = [api.eve.post("exports/", {"list": "lots", "format": "plain"}).status for _ in range(3)]
    assert statuses == [201, 201, 429]
