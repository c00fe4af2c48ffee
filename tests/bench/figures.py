"""How often, how long, how many queries: one measured thing, and the table and JSON that many make."""

import json
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import get_version
from django.db import connection

SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "work_mem",
    "jit",
    "random_page_cost",
    "max_parallel_workers_per_gather",
)


@dataclass
class Seen:
    """What one request cost the database."""

    queries: int = 0
    ms: float = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += (time.perf_counter() - began) * 1000
            self.queries += 1


@dataclass
class Figure:
    """One thing measured several times, in ms: how long the server took, the database's share, and the processors' work.

    On a machine with other work, what the processors worked (web process and database session) is the steadier figure.
    """

    what: str
    who: str
    status: int = 0
    queries: int = 0
    took: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        return statistics.median(self.took)

    @property
    def p95_ms(self) -> float:
        return sorted(self.took)[math.ceil(len(self.took) * 0.95) - 1]

    @property
    def database_ms(self) -> float:
        return statistics.median(self.database)

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.worked)

    def as_json(self) -> dict[str, Any]:
        rounded = {name: round(getattr(self, name), 1) for name in ("median_ms", "p95_ms", "database_ms", "cpu_ms")}
        return {"what": self.what, "who": self.who, "status": self.status, "queries": self.queries, **rounded}


@contextmanager
def measured(figure: Figure) -> Iterator[None]:
    """Add one run to a figure."""
    seen, worked = Seen(), _worked_ms()
    began = time.perf_counter()
    with connection.execute_wrapper(seen):
        yield
    figure.worked.append(_worked_ms() - worked)
    figure.took.append((time.perf_counter() - began) * 1000)
    figure.database.append(seen.ms)
    figure.queries = seen.queries


def yardstick() -> float:
    """How long a fixed piece of Python took now, in ms: how fast the machine was while the rest was measured."""
    began = time.perf_counter()
    sum(number * number % 7 for number in range(200_000))
    return (time.perf_counter() - began) * 1000


def _worked_ms() -> float:
    """What the processors worked for this process and for its session in the database, as far as it can be seen from here."""
    worked = time.process_time() * 1000
    session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat") if connection.connection else Path()
    return worked + int(session.read_text().split()[0]) / 1e6 if session.is_file() else worked


def settings() -> dict[str, Any]:
    """What the figures were made with: the machine's kind and the server's settings. No names, no paths."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) name", [list(SETTINGS)])
        found: dict[str, Any] = dict(cursor.fetchall())
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory": f"{pages / 2**30:.0f} GiB",
        "python": platform.python_version(),
        "django": get_version(),
        **found,
    }


def table(figures: Sequence[Figure]) -> str:
    """Worst first."""
    lines = [f"{'median':>8} {'p95':>8} {'CPU':>8} {'database':>8} {'queries':>8}  ms of server time"]
    for row in sorted(figures, key=lambda row: -row.median_ms):
        times = " ".join(f"{ms:8.1f}" for ms in (row.median_ms, row.p95_ms, row.cpu_ms, row.database_ms))
        lines.append(f"{times} {row.queries:8}  {row.who:6} {row.what}")
    return "\n".join(lines)


def save(file: Path, **parts: Any) -> None:
    """Keep a run as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(parts, indent=1, default=lambda row: row.as_json()) + "\n")
