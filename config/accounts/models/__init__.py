"""Who may come in, and what is kept about them. Each file holds one subject."""

from config.accounts.models.person import SYSTEM_USERNAME, FailedSignIn, User, UserManager

__all__ = ["SYSTEM_USERNAME", "FailedSignIn", "User", "UserManager"]
