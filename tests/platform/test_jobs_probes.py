"""/livez and /healthz: open to all, true whether or not anything else works."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from config.jobs import heartbeat, schedule
from config.jobs.models import JobRun, Outbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A signed-in browser whose server has lost its database."""
    client = Client()
    client.force_login(User.objects.create_user("dee", "a-long-password-7", name="Dee", roles=["manager"]))
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        yield client
    connection.close()


def all_ran() -> None:
    now = timezone.now()
    for job in schedule.all_jobs():
        JobRun.objects.create(job=job.name, started_at=now, finished_at=now, ok=True)


def test_livez_says_that_the_process_lives_and_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_healthz_is_good_when_everything_ran(client, django_assert_num_queries):
    all_ran()
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "overdue": []})


def test_healthz_names_what_is_overdue_and_is_good_again_when_it_ran(client):
    all_ran()
    silent_since = timezone.now() - timedelta(minutes=3)
    JobRun.objects.filter(job="jobs.sweep").update(started_at=silent_since, finished_at=silent_since)
    Outbox.objects.create(
        topic="t", payload={"secret": 1}, created_at=timezone.now(), due_at=timezone.now() - timedelta(minutes=6)
    )
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "overdue", "overdue": ["jobs.sweep", "outbox"]})
    Outbox.objects.update(done_at=timezone.now())
    all_ran()
    assert client.get("/healthz").status_code == 200


def test_healthz_is_good_right_after_a_start(client):
    assert client.get("/healthz").status_code == 503
    heartbeat.mark_start(now=timezone.now())
    assert client.get("/healthz").status_code == 200


def test_they_answer_without_a_database(no_database):
    assert no_database.get("/livez").status_code == 200
    answer = no_database.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database", "overdue": []})


@pytest.mark.parametrize("address", ["/livez", "/healthz"])
def test_they_answer_any_host_and_no_other_method_and_are_never_cached(client, address):
    assert client.post(address).status_code == 405
    answer = client.get(address, headers={"host": "10.1.2.3:8000"})
    assert answer.status_code in {200, 503}
    assert "no-store" in answer["Cache-Control"]


def test_they_stand_before_everything_else():
    assert settings.MIDDLEWARE[0] == "config.jobs.probes.ProbeMiddleware"
