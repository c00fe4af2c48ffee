"""What can be asked of other people about lots: adjust, reverse, issue."""

from config.approvals.api import Asking
from config.audit import edge
from config.audit.rest import StrictSerializer
from config.audit.rest.fields import Moment, OneOf, PlainText, Whole, YesNo
from inventory import ledger
from inventory.api.fields import NetIn, SeenIn


class AdjustAsk(NetIn, SeenIn):
    kind = OneOf(choices=["adjust"])
    lot = PlainText(longest=40)
    location = PlainText(longest=32)
    gain = YesNo(help_text="true when there is more than the books say, false when less.")
    reason = PlainText(longest=1000, lines=True)
    occurred_at = Moment(required=False, allow_null=True, help_text="Now, when left out.")


class ReverseAsk(StrictSerializer):
    kind = OneOf(choices=["reverse"])
    movement = Whole(least=1, most=edge.MOST_ID, source="movement_id")
    reason = PlainText(longest=1000, lines=True)


class IssueAsk(NetIn, SeenIn):
    kind = OneOf(choices=["issue"])
    lot = PlainText(longest=40)
    origin = PlainText(longest=32)
    reason = PlainText(longest=1000, lines=True)


ASKINGS = (
    Asking("adjust", AdjustAsk, ledger.ask_adjust),
    Asking("reverse", ReverseAsk, ledger.ask_reverse),
    Asking("issue", IssueAsk, ledger.ask_issue),
)
