"""The jobs page, its button, and the banner over every page."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from config.audit.models import Command
from config.jobs import backups, heartbeat, schedule, work
from config.jobs.models import JobRun, Outbox

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(role, "a-long-password-7", name=role.title(), roles=[role]))
    return client


def ran(job: str, minutes_ago: int = 0, error: str = "", **counts: int) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    JobRun.objects.create(
        job=job, started_at=at, finished_at=at + timedelta(seconds=2.5), ok=not error, error=error, **counts
    )


def key_of(html: str, job: str) -> str:
    found = re.search(rf'action="/jobs/{re.escape(job)}/run/".*?name="key" value="([0-9a-f-]+)"', html, re.DOTALL)
    assert found
    return found.group(1)


def test_it_shows_each_job_with_its_last_run():
    heartbeat.mark_start(now=timezone.now())
    ran("jobs.sweep", minutes_ago=2)
    ran("jobs.sweep", rows_seen=7, rows_changed=3)
    html = signed_in("manager").get("/jobs/").content.decode()
    row = html[html.index("Follow-up of what people did") :].split("</tr>")[0]
    assert "every 30 s" in row
    assert "Good" in row
    assert re.search(r'data-label="Took, s">2\.5<', row)
    assert re.search(r'data-label="Rows seen">7<', row)
    assert re.search(r'data-label="Rows changed">3<', row)
    assert "nightly at 01:30 UTC" in html
    assert html.count("Not yet run") == len(schedule.all_jobs()) - 1
    assert "Nothing is stuck" in html


def test_it_shows_a_failure_with_its_error():
    heartbeat.mark_start(now=timezone.now())
    ran("jobs.prune", error="ValueError: <no> figures")
    html = signed_in("auditor").get("/jobs/").content.decode()
    assert "Failed" in html
    assert "ValueError: &lt;no&gt; figures" in html


def test_it_shows_what_is_overdue_first_and_says_so_over_the_page():
    for job in schedule.all_jobs():
        ran(job.name)
    JobRun.objects.filter(job="jobs.sweep").delete()
    ran("jobs.sweep", minutes_ago=30)
    html = signed_in("administrator").get("/jobs/").content.decode()
    assert '<p class="callout bad banner" role="alert">Overdue, so what you see may be out of date: Follow-up' in html
    body = html[html.index("<tbody>") :]
    assert body.index("jobs.sweep") < body.index("jobs.prune")
    assert re.search(r"Overdue</span> <span class=\"bad\">29 min<", body)


def test_it_shows_how_old_the_last_good_backup_and_drill_are(settings):
    settings.BACKUP_OVERDUE_HOURS = 26
    ran(backups.BACKUP, minutes_ago=186)
    ran(backups.DRILL, minutes_ago=60 * 24 * 40 + 1)
    ran(backups.DRILL, minutes_ago=60, error="The backup is NOT whole")
    html = signed_in("auditor").get("/jobs/").content.decode()
    panel = html[html.index('id="backups"') :]
    assert "3 h 5 min" in panel
    assert "40 d 0 h" in panel
    assert "the last try failed: The backup is NOT whole" in panel
    assert "No alarm is set" not in panel


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, "No backup was ever made"), (27 * 60, "The last good backup is 26 h 59 min old"), (25 * 60, "")],
)
def test_administrators_are_told_on_every_page_of_a_backup_that_is_too_old(settings, minutes, words):
    settings.BACKUP_OVERDUE_HOURS = 26
    if minutes:
        ran(backups.BACKUP, minutes_ago=minutes)
    html = signed_in("administrator").get("/people/").content.decode()
    assert ("backup" in html, words in html) == (bool(words), True)
    assert "backup" not in signed_in("auditor").get("/people/").content.decode()


def test_where_backups_are_made_by_other_means_there_is_no_alarm(settings, client):
    settings.BACKUP_OVERDUE_HOURS = 0
    administrator = signed_in("administrator")
    assert "backup" not in administrator.get("/people/").content.decode()
    html = administrator.get("/jobs/").content.decode()
    assert "none yet" in html
    assert "No alarm is set here for backups" in html


def test_a_backup_that_is_too_old_does_not_close_the_site(settings, client):
    settings.BACKUP_OVERDUE_HOURS = 26
    heartbeat.mark_start(now=timezone.now())
    assert client.get("/healthz").status_code == 200


def test_it_shows_work_that_is_stuck():
    due_at = timezone.now() - timedelta(minutes=10)
    for attempts, error, done_at in [(3, "ValueError: no lot", None), (0, "", None), (2, "gone by now", due_at)]:
        Outbox.objects.create(
            topic="test.stuck",
            payload={"hidden": "figures"},
            created_at=due_at,
            due_at=due_at,
            attempts=attempts,
            last_error=error,
            done_at=done_at,
        )
    html = signed_in("manager").get("/jobs/").content.decode()
    assert html.count("test.stuck") == 2
    assert "ValueError: no lot" in html
    assert "Nobody took it yet." in html
    assert "gone by now" not in html
    assert "figures" not in html.replace("<no> figures", "")


@pytest.mark.parametrize("role", ["warehouse", "procurement"])
def test_it_is_closed_to_roles_that_do_not_run_the_system(role):
    client = signed_in(role)
    assert client.get("/jobs/").status_code == 403
    assert client.post("/jobs/jobs.prune/run/", {"key": str(uuid4())}).status_code == 403
    assert not Command.objects.filter(outcome="done").exists()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_who_only_reads_sees_and_does_not_run(role):
    client = signed_in(role)
    assert "/run/" not in client.get("/jobs/").content.decode()
    assert client.post("/jobs/jobs.prune/run/", {"key": str(uuid4())}).status_code == 403


def test_it_is_closed_to_who_is_not_signed_in(client):
    back = {"Referer": "http://testserver/jobs/"}
    for answer in (
        client.get("/jobs/"),
        client.post("/jobs/jobs.prune/run/", {"key": str(uuid4())}, headers=back),
    ):
        assert answer.status_code == 302
        assert "next=/jobs/" in answer["Location"]


def test_it_refuses_the_wrong_method():
    client = signed_in("manager")
    assert client.post("/jobs/").status_code == 405
    assert client.get("/jobs/jobs.prune/run/").status_code == 405


def test_the_button_asks_for_the_run_once_and_leads_to_its_progress():
    client = signed_in("administrator")
    key = key_of(client.get("/jobs/").content.decode(), "jobs.prune")
    for _ in range(2):
        answer = client.post("/jobs/jobs.prune/run/", {"key": key}, follow=True)
        assert answer.status_code == 200
        assert "Clearing of old job records" in answer.content.decode()
        assert "It begins when a worker is free" in answer.content.decode()
    asked = Outbox.objects.get()
    assert asked.command_id == Command.objects.get().pk
    assert work.carry_out(asked.payload["work"], now=timezone.now())
    assert JobRun.objects.values_list("job", "ok").get() == ("jobs.prune", True)


def test_a_job_that_does_not_exist_is_not_found():
    client = signed_in("administrator")
    for name in ("jobs.none", "JOBS", "x" * 65, "a%00b"):
        assert client.post(f"/jobs/{name}/run/", {"key": str(uuid4())}).status_code in {400, 404}
    assert not Command.objects.exists()


@pytest.mark.parametrize("data", [{}, {"key": "not-a-uuid"}])
def test_a_button_without_its_key_starts_nothing(data):
    answer = signed_in("administrator").post("/jobs/jobs.prune/run/", data, follow=True)
    assert "Nothing was started" in answer.content.decode()
    assert not Outbox.objects.exists()


def test_it_asks_the_same_number_of_queries_however_much_there_is(django_assert_num_queries):
    client = signed_in("manager")
    now = timezone.now()
    for rows in (3, 30):
        for _ in range(rows):
            ran("jobs.sweep")
            Outbox.objects.create(topic="t", payload={}, created_at=now, due_at=now, attempts=1)
        # session, person, last runs, overdue, stuck work, backups; overdue for the banner; three counts of the menu
        with django_assert_num_queries(10):
            assert client.get("/jobs/").status_code == 200
