"""GET /api/jobs/."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from config.jobs import schedule
from config.jobs.models import JobRun

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(role, "a-long-password-7", name=role.title(), roles=[role]))
    return client


def test_it_lists_every_job_with_its_last_run():
    at = timezone.now()
    JobRun.objects.create(
        job="jobs.prune", started_at=at, finished_at=at + timedelta(seconds=1), ok=False, error="ValueError: no"
    )
    answer = signed_in("manager").get("/api/jobs/")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["next"], body["previous"]) == (None, None)
    rows = {row["name"]: row for row in body["results"]}
    assert set(rows) == {job.name for job in schedule.all_jobs()}
    assert rows["jobs.sweep"] == {
        "name": "jobs.sweep",
        "label": "Follow-up of what people did",
        "rhythm": "every 30 s",
        "last_run": None,
        "next_due_at": None,
        "overdue": True,
        "late_by": None,
    }
    assert rows["jobs.prune"]["last_run"]["ok"] is False
    assert rows["jobs.prune"]["last_run"]["error"] == "ValueError: no"


@pytest.mark.parametrize(("role", "status"), [("warehouse", 403), ("procurement", 403), ("auditor", 200)])
def test_it_is_for_those_who_may_see_the_jobs(role, status):
    assert signed_in(role).get("/api/jobs/").status_code == status


def test_it_is_closed_to_who_is_not_signed_in(client):
    assert client.get("/api/jobs/").status_code in {401, 403}


def test_it_is_read_only():
    assert signed_in("manager").post("/api/jobs/", {}, content_type="application/json").status_code in {403, 405}


def test_it_asks_the_same_number_of_queries_however_much_there_is(django_assert_num_queries):
    client = signed_in("manager")
    at = timezone.now()
    for rows in (3, 30):
        for _ in range(rows):
            JobRun.objects.create(job="jobs.sweep", started_at=at, finished_at=at, ok=True)
        with django_assert_num_queries(4):  # session, person, last runs, overdue
            client.get("/api/jobs/")
