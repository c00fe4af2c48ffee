"""Made-up figures for the component page; nothing here is read by any other page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from config.audit.keyset import Page
from config.jobs.work import WorkRow
from config.ui import conditions
from config.ui.charts import Flow, Stage
from config.ui.widgets import DayInput

TONNE_MG = 10**9
FILLED = {"lot": "RE-26-00412", "net": "212.4", "received_on": date(2026, 11, 20), "site": "HAM", "condition": "A"}


class Specimen(forms.Form):
    """A form with a field of each kind, as it comes back refused."""

    lot = forms.CharField(label="Lot", help_text="Scan the tag or type the number.")
    net = forms.CharField(label="Net mass")
    received_on = forms.DateField(label="Received on", widget=DayInput())
    site = forms.ChoiceField(label="Site", choices=[("HAM", "Hammond"), ("WAR", "Warren")])
    reason = forms.CharField(label="Reason", widget=forms.Textarea, required=False)
    condition = forms.ChoiceField(
        label="Condition", widget=forms.RadioSelect, choices=[("A", "A"), ("B", "B"), ("C", "C")]
    )
    sealed = forms.BooleanField(label="The seal is unbroken", required=False)

    def clean(self) -> dict[str, Any]:
        self.add_error(None, "RE-26-00412 holds 40 kg free; you asked for 52.5 kg. Ask for less, or from another lot.")
        return self.cleaned_data


def everything() -> dict[str, Any]:
    """What the component page shows."""
    return {
        "conditions": list(conditions.NAMES),
        "open_form": Specimen(),
        "filled_form": Specimen(initial=FILLED),
        "long_form": Specimen(initial={**FILLED, "lot": "RE-26-00412-" * 8, "reason": "Donaudampfschifffahrt" * 12}),
        "rtl_form": Specimen(initial={**FILLED, "lot": "شحنة ٤١٢", "reason": "الأختام سليمة والوزن مطابق"}),
        "refused_form": Specimen({"lot": "RE-26-00412", "net": "", "site": "HAM", "received_on": "2026-11-20"}),
        "stages": _stages(),
        "cover": _cover(),
        "points": _points(),
        "target_mg": 120 * TONNE_MG,
        "floor_mg": 60 * TONNE_MG,
        "steps": _steps(),
        "lots": _lots(),
        "page": Page(rows=[], next="9", previous="1", count=412, more=False),
        "targets": _targets(),
        "works": _works(),
    }


def _works() -> list[WorkRow]:
    asked = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    common: dict[str, Any] = {
        "title": "Export of Lots",
        "asked_by": "Ana",
        "asked_at": asked,
        "may_cancel": True,
        "result": {},
        "leads": None,
    }
    rows: list[dict[str, Any]] = [
        {"state": "waiting"},
        {"state": "running", "done": 12_400, "doing": "Writing rows"},
        {"state": "running", "done": 5, "total": 13, "doing": "Every day is what its facts give"},
        {"state": "running", "done": 5, "total": 13, "again": True},
        {"state": "running", "done": 5, "total": 13, "cancelling": True},
        {"state": "done", "finished_at": asked},
        {"state": "failed", "finished_at": asked, "error": "The list has more than 1000000 rows. Narrow it."},
        {"state": "cancelled", "finished_at": asked},
    ]
    usual = {
        "done": 0,
        "total": None,
        "doing": "",
        "finished_at": None,
        "cancelling": False,
        "again": False,
        "error": "",
    }
    return [
        WorkRow(id=at, label=str(row["state"]).capitalize(), **{**common, **usual, **row})
        for at, row in enumerate(rows)
    ]


def _stages() -> list[Stage]:
    return [
        Stage("Concentrate", 412 * TONNE_MG, "28 mo on paper", flow=Flow("30 t/mo", weight=10)),
        Stage("Carbonate", 96 * TONNE_MG, "6.5 mo on paper", flow=Flow("22 t/mo", weight=10)),
        Stage("Oxide", 418 * TONNE_MG, "28 mo on paper", target_mg=180 * TONNE_MG, flow=Flow("9 t/mo", weight=10)),
        Stage("Metal", 31 * TONNE_MG, "2.1 mo on paper", flow=Flow("4 t/mo", "warn", 5)),
        Stage("Alloy", 12 * TONNE_MG, "0.8 mo on paper", flow=Flow("1.5 t/mo", "bad", 2, "bottleneck")),
        Stage("Magnet", 58 * TONNE_MG, "3.9 mo on paper", target_mg=120 * TONNE_MG, short=True),
    ]


def _cover() -> list[tuple[str, Decimal | None, str]]:
    rows = [
        ("Neodymium oxide", "31"),
        ("Dysprosium oxide", "44"),
        ("Praseodymium oxide", "57"),
        ("Lithium carbonate", "87"),
        ("Nickel briquette", "99.97"),
        ("Tungsten trioxide", "100"),
        ("Gallium 6N", "106"),
        ("Ferroniobium", "121"),
        ("Polymetallic nodules", "232"),
    ]
    return [
        *((name, Decimal(value), _level(Decimal(value))) for name, value in rows),
        ("Scandium oxide", None, "muted"),
    ]


def _level(percent: Decimal) -> str:
    return "bad" if percent < 60 else "warn" if percent < 100 else "ok"


def _points() -> list[tuple[date, int]]:
    tonnes = [58, 58, 58, 58, 70, 70, 70, 70, 70, 70, 54, 54, 54, 54, 54, 54, 54, 94, 94, 94, 94, 94, 94, 94, 94]
    return [(date(2026, 11, 1) + timedelta(days=30 * month), mass * TONNE_MG) for month, mass in enumerate(tonnes)]


def _steps() -> list[tuple[str, int, int]]:
    return [
        ("Physical", 120_400 * 10**6, 0),
        ("In store", 112_400 * 10**6, 8_000 * 10**6),
        ("Accepted", 92_150 * 10**6, 20_250 * 10**6),
        ("In date", 70_000 * 10**6, 22_150 * 10**6),
        ("Compliant", 70_000 * 10**6, 0),
        ("Free = eligible", 58_000 * 10**6 + 1, 12_000 * 10**6 - 1),
    ]


def _lots() -> list[dict[str, Any]]:
    names = ("number", "material", "formula", "site", "condition", "net_mg", "retest_due_on")
    rows: list[tuple[str, str, str, str, str, int, date | None]] = [
        ("RE-26-00412", "Neodymium oxide", "Nd2O3", "Hammond", "A", 212_400_000_000, date(2028, 3, 1)),
        ("RE-26-00388", "Praseodymium oxide", "Pr6O11", "Warren", "B", 96_250_125_000, date(2027, 2, 9)),
        ("RE-25-00071", "Tungsten trioxide", "WO3", "Scotia", "C", 54_000_000_001, None),
        ("RE-26-00431", "Nickel briquette", "Ni", "Hammond", "J", 40_000_000_000, date(2026, 12, 24)),
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _targets() -> list[dict[str, Any]]:
    rows = [
        ("NdFeB magnet block", 120, 58, 12, "48.3", "bad", "Critical · Manager"),
        ("NdPr metal", 90, 84, 40, "93.3", "warn", "Open"),
        ("NdPr oxide 99.5", 180, 418, 0, "232", "ok", "Met"),
    ]
    return [
        {
            "name": name,
            "required_mg": required * TONNE_MG,
            "eligible_mg": eligible * TONNE_MG,
            "on_order_mg": on_order * TONNE_MG,
            "short_mg": max(required - eligible, 0) * TONNE_MG,
            "cover_pct": Decimal(cover),
            "level": level,
            "flag": flag,
        }
        for name, required, eligible, on_order, cover, level, flag in rows
    ]
