"""The settings of a test run: test mode, and names of its own in the servers, so that several runs can share them."""

import os
from typing import Any, cast

os.environ["MODE"] = "test"
# Workers of one run inherit the number of the process that started it.
RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))

from config.settings import *  # noqa: E402, F403
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, PACE  # noqa: E402

_database = cast(dict[str, Any], DATABASES["default"])
_database["TEST"] = {"NAME": f"test_reserve_{RUN}"}
# A real Celery worker that a test starts works on the test's own database.
_database["NAME"] = os.environ.get("TEST_DATABASE", _database["NAME"])
_broker = cast(dict[str, Any], CELERY_BROKER_TRANSPORT_OPTIONS)
_broker["global_keyprefix"] = f"{RUN}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_"
# People of one test run are sent through in seconds; the tests of the pace set it themselves.
PACE = dict.fromkeys(PACE, (1_000_000, 1_000_000))
