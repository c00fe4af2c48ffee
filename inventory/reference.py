"""Reference data that every database holds: the system's actor, elements and forms. Loaded after each migrate, idempotent."""

import csv
from pathlib import Path
from typing import Any

from config.accounts.models import SYSTEM_USERNAME, User
from inventory.models import Element, Form, Stage

DATA = Path(__file__).parent / "data"

# Elements that lots contain and targets may count, beside those of the critical minerals lists.
FURTHER_ELEMENTS = {"Fe": "iron", "Th": "thorium"}

FORMS = [
    ("nodules", "Sea-floor nodules", Stage.MINING),
    ("concentrate", "Concentrate", Stage.MINING),
    ("carbonate", "Carbonate", Stage.SEPARATION),
    ("hydroxide", "Hydroxide", Stage.SEPARATION),
    ("sulfate", "Sulfate", Stage.SEPARATION),
    ("halide", "Halide", Stage.SEPARATION),
    ("oxide", "Oxide", Stage.SEPARATION),
    ("flake", "Flake", Stage.SEPARATION),
    ("sponge", "Sponge", Stage.REDUCTION),
    ("powder", "Metal powder", Stage.REDUCTION),
    ("cathode", "Cathode", Stage.REDUCTION),
    ("metal", "Metal", Stage.REDUCTION),
    ("ferroalloy", "Ferro-alloy", Stage.ALLOYING),
    ("alloy", "Alloy", Stage.ALLOYING),
    ("block", "Magnet block", Stage.MAGNET_MAKING),
    ("part", "Finished magnet part", Stage.MAGNET_MAKING),
]


def load(**_: Any) -> None:
    """Bring the reference rows to what stands here. Connected to post_migrate; running it twice changes nothing."""
    if not User.objects.filter(username=SYSTEM_USERNAME).exists():
        User.objects.create_user(SYSTEM_USERNAME, name="The system", is_active=False)
    _insert_missing(Element, "symbol", _elements())
    _insert_missing(
        Form,
        "code",
        [Form(code=code, name=name, stage=stage, rank=rank) for rank, (code, name, stage) in enumerate(FORMS, start=1)],
    )


def _insert_missing(model: Any, key: str, rows: list[Any]) -> None:
    there = set(model.objects.values_list(key, flat=True))
    model.objects.bulk_create([row for row in rows if getattr(row, key) not in there])


def _elements() -> list[Element]:
    """Critical minerals of the 2022 and 2025 lists; a mineral without a symbol is counted as itself, under its name."""
    with (DATA / "us_critical_minerals_lists.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            Element(
                symbol=row["symbol"] or row["name"].capitalize(),
                name=row["name"],
                group=row["ree_group"],
                on_2022_list=row["on_2022_list"] == "yes",
                on_2025_list=row["on_2025_list"] == "yes",
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
    rows += [Element(symbol=symbol, name=name, source="not on a list") for symbol, name in FURTHER_ELEMENTS.items()]
    return rows
