"""Values that no field should take, by the kind of field; and what the database holds, to see that nothing was written."""

from typing import Any

from django.apps import apps

from config.accounts.models import ApiToken
from config.audit.models import Command

FLOOD = "9" * 5_000
NOT_TEXT: list[Any] = [
    "\x00", "a\x00b", "a\x07b", "a\x7fb", "a\u202eb", "\u2066a", "\x1b[2J", "a" * 5_000, "\u0301" * 5_000,
    5, -1, 1.5, 10**30, True, [], ["a"], {}, {"$ne": ""}, [[[[]]]],
]  # fmt: skip
NOT_A_NUMBER: list[Any] = [
    "", " ", "NaN", "nan", "Infinity", "-Infinity", "inf", "1e400", "1E5", "1e-3", "\uff11\uff12.5", "\u0663.\u0665", "\u0967",
    "1_000", "1,5", "1 000", "+5", "0x10", "1.", ".5", "--1", "1.2.3", "\u00bd", "\u00b2", "\x00", "1\x00", "1\u202e", "abc", FLOOD,
    True, [], ["1"], {}, {"kg": 1},
]  # fmt: skip
NOT_A_MASS: list[Any] = [
    *NOT_A_NUMBER, "-1", "0", "0.000000", "-0", "1.0000001", "0.0000001", "9" * 30, "9000000000.000001", "1.5 kg",
    -1, 0, -0.5, 1.0000001, 10**18, 10**29,
]  # fmt: skip
NOT_FOUND_MASS: list[Any] = [value for value in NOT_A_MASS if value not in ("0", "0.000000", "-0", 0)]  # 0 may be found
NOT_A_PERCENT: list[Any] = [*NOT_A_NUMBER, "-1", "100", "100.1", "0.123456789", -0.1, 100, 10**30]
NOT_A_FRACTION: list[Any] = [*NOT_A_NUMBER, "-1", "0", "1.1", "85.31", "0.12345678901", -0.1, 0, 2]
NOT_FRACTIONS: list[Any] = [
    "", "Nd", 5, True, [], ["Nd"], {}, {"": "0.1"}, {"\x00": "0.1"}, {"N\u202ed": "0.1"}, {"a" * 500: "0.1"},
    {"Zz": "0.1"}, {"Nd": "0.9", "Pr": "0.2"}, {f"E{n}": "0.001" for n in range(500)},
    *({"Nd": value} for value in NOT_A_FRACTION),
]  # fmt: skip
NOT_A_DAY: list[Any] = [
    "", "today", "2026-13-01", "2026-02-30", "2026-1-1", "20261101", "01.11.2026", "0000-00-00", "0001-01-01", "9999-12-31",
    "2026-11-02T00:00:00Z", "\u0662\u0660\u0662\u0666-11-02", "2026-11-02\x00", 20261102, 1.5, True, [], {},
]  # fmt: skip
NOT_A_MOMENT: list[Any] = [
    "", "now", "2026-11-02", "2026-11-02T09:00:00", "2026-11-02 09:00:00Z", "2026-11-02T25:00:00Z", "2026-11-02T09:00:00+25:00",
    "2026-W45-1T09:00:00Z", "2030-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "0000-00-00T00:00:00Z", "1899-12-31T23:59:59Z", "2026-11-02T09:00:00.1234567Z", "\u0662026-11-02T09:00:00Z", 1793610000, 1.5,
    True, [], {},
]  # fmt: skip
NOT_A_WHOLE: list[Any] = ["", "1", "1.0", -1, 1.5, 10**30, FLOOD, True, [], {}, "\uff11"]
NOT_YES_OR_NO: list[Any] = ["", "yes", "1", "TRUE", 0, 1, 1.5, [], {}]
NOT_A_WORD: list[Any] = [*NOT_TEXT, "", "Z", "store'; DROP TABLE inventory_lot; --", "\uff21"]
UNKNOWN: list[Any] = [*NOT_TEXT, "", "NO-SUCH", "../../etc/passwd", "' OR 1=1 --", "%00", "{{7*7}}"]
NOT_A_LIST: list[Any] = ["", "[]", 5, True, {}, {"0": {}}]


def holdings() -> dict[str, int]:
    """How many rows each table of ours has. Refused attempts are recorded, so commands count when they did something."""
    counts = {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"config", "inventory", "procurement", "reserve"}
        and model not in (Command, ApiToken)  # the callers' own tokens are made when they first call
    }
    counts["done"] = Command.objects.exclude(outcome="refused").count()
    return counts
