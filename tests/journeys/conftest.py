"""Who goes on a journey, and the small reserve that they go through. The edge's clock is the world's, and it ticks."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Lock

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.plugin import DjangoDbBlocker

from tests import standing
from tests.journeys.people import Enter, Person, Theme
from tests.journeys.small_reserve import SmallReserve, build
from tests.world import build as build_world

TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS)
TICK = timedelta(milliseconds=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey drives a browser on the running site, so its data is committed."""
    for item in items:
        if "tests/journeys/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def standing_reserve(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> standing.Kept[SmallReserve]:
    with django_db_blocker.unblock():
        return standing.keep(lambda: build(build_world()))


@pytest.fixture
def reserve(
    transactional_db: None, standing_reserve: standing.Kept[SmallReserve], monkeypatch: pytest.MonkeyPatch
) -> SmallReserve:
    """The small reserve on the day of the journey."""
    made = standing_reserve.again()
    world = made.world
    lock = Lock()

    def now() -> datetime:
        with lock:
            world.now += TICK
            return world.now

    monkeypatch.setattr("django.utils.timezone.now", now)
    return made


@pytest.fixture
def enter(browser: Browser, live_server, reserve: SmallReserve) -> Iterator[Enter]:
    """Opens a browser for a person: `enter("ana")` has signed in already, `enter("ana", signed_in=False)` has not."""
    everybody: list[Person] = []
    before = _sessions()

    def open_browser(
        name: str,
        *,
        width: int = 1440,
        theme: Theme = "light",
        script: bool = True,
        refusals: tuple[int, ...] = (),
        signed_in: bool = True,
    ) -> Person:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            is_mobile=width < 600,
            has_touch=width < 600,
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(TIMEOUT_MS)
        if signed_in:
            client = Client()
            client.force_login(reserve.world.people[name])
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        everybody.append(Person(name, context, context.new_page(), script=script, refusals=refusals))
        return everybody[-1]

    yield open_browser
    for person in everybody:
        person.context.close()
    _wait_for_the_site(before)
    for person in everybody:
        person.kept_quiet()


def _sessions() -> set[int]:
    """Who is connected to the database of this run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


def _wait_for_the_site(before: set[int]) -> None:
    """Requests that a closed browser left behind still use the database, which the next test wants to empty."""
    end = time.monotonic() + TIMEOUT_MS / 1000
    while _sessions() - before and time.monotonic() < end:
        time.sleep(0.01)
