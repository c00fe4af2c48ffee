"""`make bench`: how long the server takes for each page and search, on a reserve of SCALE lots (100k, 1m). Asserts nothing.

The reserve is made once and kept in var/bench, with servers of its own; VERIFY=1 verifies its ledger again.
"""

import os
import statistics
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
SCALE = os.environ.get("SCALE", "100k").lower()
LOTS = int(SCALE.removesuffix("k").removesuffix("m")) * {"k": 1000, "m": 1_000_000}.get(SCALE[-1], 1)
ROOT = Path(os.environ.get("VAR_DIR") or "var") / "bench"
os.environ["VAR_DIR"] = str(ROOT.resolve() / SCALE)
RUNS = int(os.environ.get("RUNS", "7"))


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def make() -> None:
    """The reserve of this scale, unless it is there from an earlier run; verified when it is new."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from inventory import verification
    from reserve.demo import loading
    from tests.bench import copies

    call_command("migrate", verbosity=0)
    done = settings.VAR_DIR / "made"
    if not done.exists():
        if not loading.holds_something():
            loading.load(now=timezone.now(), mode="trial", tell=say)
        copies.make(lots=LOTS, now=timezone.now(), tell=say)
    if not done.exists() or os.environ.get("VERIFY") == "1":
        say("verifying the ledger")
        with verification.snapshot():
            found = list(verification.differences(tally=verification.Tally()))
        for difference in found[:20]:
            say(f"  {difference}")
        if found:
            sys.exit("The ledger does not hold, so nothing is measured on it.")
        done.touch()


def measure() -> None:
    """Walk and search, print, and keep the figures beside the data."""
    from django.conf import settings

    from config import embedded
    from config.accounts.models import User
    from inventory.models import Lot, PositionEntry
    from tests.bench import figures, searches, walk

    def restart() -> None:
        embedded.stop(settings.SERVERS_DIR)
        embedded.ensure(settings.SERVERS_DIR)

    people = {who: User.objects.get(username=who) for who in walk.PEOPLE}
    kind = {"lots": Lot.objects.count(), "entries": PositionEntry.objects.count(), "runs": RUNS, **figures.settings()}
    say("\n".join(f"{name}: {value}" for name, value in kind.items()))
    only = sys.argv[1:]
    visits = [visit for visit in walk.visits(people) if not only or any(word in visit.what for word in only)]
    pages, speeds = walk.walk(visits, people=people, runs=RUNS)
    say(f"\nPages (aim 200 ms at 100 thousand lots)\n{figures.table(pages)}")
    within = sum(row.median_ms < 200 for row in pages)
    say(f"{within} of {len(pages)} are within 200 ms.")
    fast, usual, slow = (round(ms, 1) for ms in (min(speeds), statistics.median(speeds), max(speeds)))
    kind["yardstick_ms"] = {"fastest": fast, "median": usual, "slowest": slow}
    say(f"A fixed piece of Python took {fast} to {slow} ms meanwhile, {usual} as the median.")
    for row in pages:
        if row.status != 200:
            say(f"not measured as a page: {row.who} {row.what} answers {row.status}")
    found = searches.warm(people, runs=RUNS) if not only or "search" in only else []
    say(f"\nSearches (aim 100 ms at 1 million lots)\n{figures.table(found)}")
    cold = searches.cold(people, restart=restart) if not only or "cold" in only else []
    say(f"\nThe first search of a server that has just started\n{figures.table(cold)}")
    file = settings.VAR_DIR / "figures.json"
    figures.save(file, settings=kind, pages=pages, searches=found, cold=cold)
    say(f"\nKept in {file}")


def main() -> None:
    import django
    from django.conf import settings

    from config import embedded

    django.setup()
    embedded.ensure(settings.SERVERS_DIR)
    try:
        make()
        measure()
    finally:
        embedded.release(settings.SERVERS_DIR)


if __name__ == "__main__":
    main()
