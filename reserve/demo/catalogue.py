"""The demo's sites and materials, from data/sites.csv and data/materials.csv."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

from config.audit.commands import Answer
from inventory import catalogue, fractions, sites
from reserve.demo.clock import Clock

DATA = Path(__file__).parent / "data"
DATED_ON = date(2026, 11, 24)
LANES = (
    list(permutations(("HAM", "WAR", "SCO"), 2))
    + list(permutations(("PPL", "CUR", "WEN"), 2))
    + [("HAM", "CUR"), ("PPL", "WAR")]
)


def read(name: str) -> Iterator[dict[str, str]]:
    """Rows of one of the demo's data files."""
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def load(clock: Clock) -> None:
    """Open the sites, their lanes, and add the materials."""
    for row in read("sites"):
        stores = [tuple(store.split(":")) for store in row["stores"].split("|")]
        sites.open_site(
            by=clock.by("adam"),
            code=row["code"],
            name=row["name"],
            country=row["country"],
            stores=[(suffix, name) for suffix, name in stores],
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
            note=row["note"],
        )
    for origin, destination in LANES:
        sites.open_lane(by=clock.by("adam"), origin=origin, destination=destination)
    for row in read("materials"):
        _material(clock, row)


def _material(clock: Clock, row: dict[str, str]) -> Answer:
    material = catalogue.MaterialIn(
        code=row["code"],
        name=row["name"],
        form=row["form"],
        grade=row["grade"],
        formula=row["formula"],
        fractions=_fractions(row),
        unit=row["unit"],
        basis=row["basis"],
        shelf_life_type=row["shelf_life_type"],
        shelf_life_months=int(row["shelf_life_months"]) if row["shelf_life_months"] else None,
        retest_months=int(row["retest_months"]) if row["retest_months"] else None,
        hazard_class=row["hazard_class"],
        un_number=row["un_number"],
        moisture_bearing=row["moisture_bearing"] == "yes",
        assay_required=row["assay_required"] == "yes",
        source=row["source"],
        dated_on=DATED_ON,
    )
    return catalogue.add_material(by=clock.by("adam"), material=material)


def _fractions(row: dict[str, str]) -> dict[str, Decimal]:
    """As written, or the frozen fraction of the formula times the purity of the grade."""
    if ":" in row["fractions"]:
        return {symbol: Decimal(value) for symbol, value in (part.split(":") for part in row["fractions"].split(";"))}
    symbol = row["fractions"]
    return {symbol: (Decimal(row["purity"]) * fractions.of(symbol, row["formula"])).quantize(Decimal("1e-10"))}
