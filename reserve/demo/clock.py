"""The demo's own clock and people: what is loaded happened over two years, in order."""

from datetime import datetime
from random import Random
from uuid import UUID

from config.accounts.models import User
from config.audit.commands import By


class Clock:
    """Hands out commands by name at the moment to which it was last set. The same seed makes the same demo."""

    def __init__(self, people: dict[str, User], start: datetime, seed: int) -> None:
        self.people, self.now, self.random = people, start, Random(seed)

    def at(self, moment: datetime) -> "Clock":
        self.now = moment
        return self

    def by(self, username: str) -> By:
        return By(actor=self.people[username], key=UUID(int=self.random.getrandbits(128), version=4), now=self.now)
