"""How many queries a read makes is written down in query_counts.json: the same with 3 rows and with 30.

WRITE_QUERY_COUNTS=1 writes down what a run counts, after a change that means it.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

COUNTS = Path(__file__).with_name("query_counts.json")


@contextmanager
def counted(name: str) -> Iterator[None]:
    """Fail unless what happens inside makes as many queries as are written down under `name`."""
    with CaptureQueriesContext(connection) as seen:
        yield
    if os.environ.get("WRITE_QUERY_COUNTS") == "1":
        _write(name, len(seen))
    known = json.loads(COUNTS.read_text()).get(name)
    made = "\n".join(query["sql"][:300] for query in seen.captured_queries)
    assert len(seen) == known, f"{name}: {len(seen)} queries, {known} are written down:\n{made}"


def the_same_at_3_and_30(name: str, *, make: Callable[[int], Any], read: Callable[[], Any]) -> None:
    """`make(n)` makes n more rows; `read()` then makes the written number of queries, with 3 rows and with 30."""
    for more in (3, 27):
        make(more)
        read()  # what is read once for a process is read
        with counted(name):
            read()


def _write(name: str, count: int) -> None:
    with COUNTS.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = json.loads(file.read() or "{}")
        known[name] = count
        file.truncate(0)
        file.write(json.dumps(dict(sorted(known.items())), indent=2) + "\n")
