"""The web entrance."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Without this import `.delay()` in a request would use a default broker.
from config.celery_app import app as celery_app  # noqa: F401

application = get_wsgi_application()
