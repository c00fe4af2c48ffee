"""The forms of the inventory's pages. Each is one command's worth of input; the doors decide, the forms only read."""

from inventory.forms.listing import LotFilterForm, MovementFilterForm, RoundFilterForm
from inventory.forms.moves import AdjustForm, IssueForm, ReverseForm, SampleForm, SplitForm, TransferForm
from inventory.forms.quality import AssayForm, ConditionForm, CountForm, RetestFields, RetestForm, ThawForm
from inventory.forms.receipts import ReceiveForm
from inventory.forms.then import AsOfForm

__all__ = [
    "AdjustForm",
    "AsOfForm",
    "AssayForm",
    "ConditionForm",
    "CountForm",
    "IssueForm",
    "LotFilterForm",
    "MovementFilterForm",
    "ReceiveForm",
    "RetestFields",
    "RetestForm",
    "ReverseForm",
    "RoundFilterForm",
    "SampleForm",
    "SplitForm",
    "ThawForm",
    "TransferForm",
]
