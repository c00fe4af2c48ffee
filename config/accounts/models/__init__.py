"""Who may come in, and what is kept about them. Each file holds one subject."""

from config.accounts.models.device import KnownDevice
from config.accounts.models.person import SYSTEM_USERNAME, User, UserManager

__all__ = ["SYSTEM_USERNAME", "KnownDevice", "User", "UserManager"]
