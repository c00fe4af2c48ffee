"""The Celery app: one queue of hints. What is due stands in the database, and the schedule in `config.jobs`."""

import os

import django
from celery import Celery
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("reserve")
app.set_default()  # for all threads: the web server's threads would publish to a default broker otherwise
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]  # celery has no types
def schedule_jobs(sender: Celery, **_: object) -> None:
    """Give beat the schedule, once every app has registered its jobs."""
    if not apps.ready:
        django.setup()
    from config.jobs import schedule  # once the apps are ready

    sender.conf.beat_schedule = schedule.beat_schedule()
