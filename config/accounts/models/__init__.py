"""Who may come in, and what is kept about them. Each file holds one subject."""

from config.accounts.models.delegation import Delegation
from config.accounts.models.device import KnownDevice
from config.accounts.models.person import SYSTEM_USERNAME, User, UserManager
from config.accounts.models.temporary import TemporaryPassword
from config.accounts.models.token import ApiToken

__all__ = [
    "SYSTEM_USERNAME",
    "ApiToken",
    "Delegation",
    "KnownDevice",
    "TemporaryPassword",
    "User",
    "UserManager",
]
