"""The supply condition codes (DoD 4000.25-2-M, table of condition codes) as people see them on a tag.

The colours are those of the paper tags of the trade: yellow serviceable (DD 1574), blue test or modification (DD 1576),
brown suspended (DD 1575), green unserviceable but reparable (DD 1577-2), red condemned (DD 1577).
"""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "A": _("Issuable"),
    "B": _("Issuable, restricted"),
    "C": _("Priority issue"),
    "D": _("Test or modification"),
    "E": _("Limited restoration"),
    "F": _("Reparable"),
    "G": _("Incomplete"),
    "H": _("Condemned"),
    "J": _("Suspended"),
    "K": _("Returned"),
    "L": _("Litigation"),
    "M": _("In work"),
    "Q": _("Quality deficient"),
    "S": _("Scrap"),
}

# Every code under which a lot does not count, in a row: what the lot list takes as one filter.
NOT_ACCEPTED = "".join(code for code in NAMES if code not in "ABC")
COLOURS = {
    **dict.fromkeys("ABC", "yellow"),
    "D": "blue",
    **dict.fromkeys("EFG", "green"),
    **dict.fromkeys("HS", "red"),
    **dict.fromkeys("JKLMQ", "brown"),
}
