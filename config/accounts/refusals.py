"""What is refused about people, their roles and their sites."""

from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused


class PersonNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such person.")


class NameTaken(Refused):
    code = "name_taken"
    template = _("The user name {username} is already used, and a user name is never given to another person.")
    field = "username"


class BadUsername(Refused):
    code = "bad_username"
    status = 422
    template = _(
        "Write the user name with 2 to 64 small letters a to z, digits, hyphens and underscores, like ana-lund."
    )
    field = "username"


class BadAddress(Refused):
    code = "bad_address"
    status = 422
    template = _("This is no e-mail address. Write it like ana@example.org, or leave it empty.")
    field = "email"


class UnknownRole(Refused):
    code = "unknown_role"
    status = 422
    template = _("There is no role {role}.")
    field = "roles"


class UnknownSite(Refused):
    code = "unknown_site"
    status = 422
    template = _("There is no site {site}.")
    field = "sites"


class SiteNeeded(Refused):
    code = "site_needed"
    status = 422
    template = _("The warehouse role works at sites. Tick at least one.")
    field = "sites"


class NothingChanges(Refused):
    code = "nothing_changes"
    status = 422
    template = _("{name} has exactly these roles and sites already. Tick what shall be different.")


class GrantWaits(Refused):
    code = "grant_waits"
    template = _("Request {request} about {name} waits already. It has to be decided on, or taken back, first.")


class PasswordWaits(Refused):
    code = "password_waits"
    template = _(
        "Request {request} for a password of {name} waits already. It has to be decided on, or taken back, first."
    )


class NotTheFirst(Refused):
    code = "not_the_first"
    status = 403
    template = _(
        "Alone you give {name} no password: only who added somebody gives them their first one. Ask for it; another "
        "administrator has to agree."
    )


class TooFewAdministrators(Refused):
    code = "too_few_administrators"
    template = _(
        "Then fewer than two administrators could sign in, and nobody could be given a right any more. "
        "Have another person made an administrator first."
    )


class AccessChanged(Refused):
    code = "access_changed"
    template = _(
        "What {name} may do was changed after this was asked. Refuse this request; what is still wanted is asked for anew."
    )


class AskerGone(Refused):
    code = "asker_gone"
    template = _(
        "{name}, who asked for this, is no administrator any more. Refuse it; what is still wanted is asked anew."
    )


class NotIndependent(Refused):
    code = "not_independent"
    status = 403
    template = _(
        "{name}, who asked for this, gave you your password in the last 30 days, and might have come in with it. "
        "Another administrator has to decide on it."
    )


class IsDisabled(Refused):
    code = "is_disabled"
    template = _("{name} may not sign in now. Let them in again first.")


class AlreadyDisabled(Refused):
    code = "already_disabled"
    template = _("{name} may not sign in already.")


class NotDisabled(Refused):
    code = "not_disabled"
    template = _("{name} may sign in already.")


class NothingToLend(Refused):
    code = "nothing_to_lend"
    status = 422
    template = _("Choose approvals that your own role gives you. What was lent to you is not lent on.")
    field = "acts"


class BadBorrower(Refused):
    code = "bad_borrower"
    status = 422
    template = _("{why} Choose another person.")
    field = "borrower"


class BadDays(Refused):
    code = "bad_days"
    status = 422
    template = _("{why}")
    field = "until_on"


class OverlappingLoan(Refused):
    code = "overlapping_loan"
    template = _("You have lent this to {name} until {until} already. End that first, or choose other days.")


class DelegationNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such delegation.")


class DelegationOver(Refused):
    code = "delegation_over"
    template = _("This delegation is over already.")
