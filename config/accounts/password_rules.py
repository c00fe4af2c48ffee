"""What a new password must be, besides what Django's own validators ask for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.accounts.models import User


class LongestValidator:
    """A password is taken whole or not at all: never cut."""

    def __init__(self, longest: int = 256) -> None:
        self.longest = longest

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > self.longest:
            raise ValidationError(_("This password is too long: use at most %(longest)s characters.") % vars(self))

    def get_help_text(self) -> str:
        return _("Your password can hold at most %(longest)s characters.") % vars(self)
