"""The servers and the browser that tests run against. Nothing here stands in for a part of ours."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from config import embedded
from config.celery_app import app as celery_app  # noqa: F401  # or hints would go to a default broker
from tests import standing

SIGNED_IN_AT = "signed_in_at"

pytest_plugins = ["tests.world", "tests.rest", "tests.pages", "tests.platform.backed_up"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = (
    "no Chromium found: browser tests need one. On Debian: apt-get install chromium "
    "(or name yours in CHROMIUM=/path). REQUIRE_BROWSER=1 makes this a failure."
)


# --- servers --------------------------------------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    """Start the test servers once, in the process that hands out the tests."""
    if hasattr(config, "workerinput") or config.option.collectonly or not settings.EMBEDDED:
        return
    try:
        embedded.ensure(settings.SERVERS_DIR)
    except embedded.Unavailable as error:
        pytest.exit(str(error), returncode=3)
    _forgo_the_disk()
    _drop_left_over_databases()


def pytest_unconfigure(config: pytest.Config) -> None:
    if settings.EMBEDDED and not hasattr(config, "workerinput"):
        embedded.release(settings.SERVERS_DIR)


def _forgo_the_disk() -> None:
    """Let these servers not wait for the disk: tests kill processes, which loses nothing, but never cut the power."""
    with psycopg.connect(embedded.database_url(settings.SERVERS_DIR), autocommit=True) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {setting} = off")
        server.execute("SELECT pg_reload_conf()")


def _drop_left_over_databases() -> None:
    """Drop what runs left behind that were killed; a run's databases carry the number of its process."""
    with psycopg.connect(embedded.database_url(settings.SERVERS_DIR), autocommit=True) as server:
        for (name,) in server.execute(
            r"SELECT datname FROM pg_database WHERE datname LIKE 'test\_reserve\_%'"
        ).fetchall():
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the flush between transactional tests truncate append-only tables. Nothing else passes their triggers.

    Groups, elements and other reference data are there again for the next test: put back as they were, or by post_migrate
    where the tests' role may not pass triggers.
    """
    import pgtrigger
    from django.core.management.commands import flush as command
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush
    with django_db_blocker.unblock():
        reference = standing.keep_reference()

    def flush_past_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
        with pgtrigger.ignore():
            flush(self, sql_list)
        reference.again()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_past_triggers)
        if reference.statements is not None:
            patch.setattr(command, "emit_post_migrate_signal", lambda *_args, **_options: None)
        yield


@receiver(user_logged_in)
def _say_since_when(request: HttpRequest, **_: object) -> None:
    """`force_login` makes a session without passing our door, which notes when it began; one that does not say is ended."""
    if request.method is None:
        request.session[SIGNED_IN_AT] = int(timezone.now().timestamp())


# --- browser --------------------------------------------------------------------------------------
def chromium() -> str | None:
    """Return the system's Chromium, if there is one."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that browser tests did not run."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"BROWSER TESTS SKIPPED ({len(skipped)}): {NO_CHROMIUM}", red=True, bold=True)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, driven by Playwright. Open a context for each person."""
    from playwright.sync_api import sync_playwright

    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, which Django would take for asynchronous code of ours.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            chrome = playwright.chromium.launch(executable_path=chromium(), args=flags)
            yield chrome
            chrome.close()


@pytest.fixture
def page(browser, live_server):
    """A page of 1440 x 900 on the running site; a message in its console fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    messages: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: messages.extend([said.text] if said.type in {"error", "warning"} else []))
    page.on("pageerror", lambda error: messages.append(str(error)))
    yield page
    context.close()
    assert not messages, f"The browser's console says: {messages}"
