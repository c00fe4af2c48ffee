"""Keeps a dead Redis from costing every request its timeout: after a failure nobody tries for a moment."""

import logging
import threading
import time
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

QUIET_SECONDS = 5.0
LOG_EVERY_SECONDS = 60.0


@dataclass
class Breaker:
    """Lets tries through until one fails; then one at a time, each after a pause. `what` is said when one fails."""

    what: str
    failures: int = 0
    quiet_until: float = 0.0
    logged_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        with self.lock:
            if not self.quiet_until:
                return True
            if time.monotonic() < self.quiet_until:
                return False
            self.quiet_until = time.monotonic() + QUIET_SECONDS
            return True

    def succeeded(self) -> None:
        with self.lock:
            self.quiet_until = 0.0

    def failed(self, error: Exception) -> None:
        with self.lock:
            now = time.monotonic()
            self.failures += 1
            self.quiet_until = now + QUIET_SECONDS
            if now - self.logged_at >= LOG_EVERY_SECONDS:
                self.logged_at = now
                log.warning("%s (%d failures so far): %s", self.what, self.failures, error)
