"""The settings of a bench: a trial's, on servers of its own, for somebody who never waits between two pages."""

import os

os.environ["MODE"] = "trial"
os.environ.setdefault("LOG_LEVEL", "CRITICAL")

from config.settings import *  # noqa: F403
from config.settings import PACE

PACE = dict.fromkeys(PACE, (1_000_000, 1_000_000))
