"""The servers that the settings name: the operator's where they are given, embedded ones where not, never both."""

import os

import pytest
from django.conf import settings
from django.db import connection

from config import embedded
from config.celery_app import app

pytestmark = pytest.mark.operator


def test_it_uses_the_servers_that_the_environment_names():
    assert ("DATABASE_URL" not in os.environ) == settings.EMBEDDED
    if not settings.EMBEDDED:
        assert os.environ["REDIS_URL"] == settings.CELERY_BROKER_URL
        assert not embedded.running(settings.SERVERS_DIR)


@pytest.mark.django_db
def test_postgresql_is_15_or_newer_and_the_role_need_not_be_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('is_superuser')")
        version, superuser = cursor.fetchone()
    assert version >= 150_000
    assert settings.EMBEDDED or superuser == "off"


def test_the_broker_is_redis_6_2_or_newer():
    with app.connection_for_read() as broker:
        major, minor = broker.default_channel.client.info("server")["redis_version"].split(".")[:2]
    assert (int(major), int(minor)) >= (6, 2)
