"""How the inventory's things look at the edges, for the apps above: masses and lots in the API, a receipt, units to choose.

The rest of `api` and `forms` is this app's own.
"""

from inventory.api.fields import Kg, KgIn
from inventory.api.findings import RetestIn
from inventory.api.lots import LotDetailSerializer
from inventory.api.receipts import ReceiptIn
from inventory.forms import ReceiveForm, RetestFields
from inventory.forms.fields import UNITS

__all__ = ["UNITS", "Kg", "KgIn", "LotDetailSerializer", "ReceiptIn", "ReceiveForm", "RetestFields", "RetestIn"]
