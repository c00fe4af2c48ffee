"""The ledger's verbs. Each is one command: done once per key, recorded with its answer or its refusal.

post()        the only writer of movements, balances and positions (inventory.ledger.post)
receive, transfer, sample, split, set_condition, record_assay, retest, count       by one person
ask_adjust, ask_reverse, ask_issue                                          by one, done when others agree
issue, adjust, reverse, allocate                                            inside an approved command
lapse_retests                                                               the nightly job
"""

from inventory.ledger.analyses import record_assay, retest
from inventory.ledger.asks import ask_adjust, ask_issue, ask_reverse
from inventory.ledger.conditions import lapse_retests, set_condition
from inventory.ledger.counts import count
from inventory.ledger.moves import adjust, allocate, issue, sample, transfer
from inventory.ledger.receipts import Arrival, AssayIn, receive
from inventory.ledger.reversals import reverse, reversed_movements
from inventory.ledger.splits import split

__all__ = [
    "Arrival",
    "AssayIn",
    "adjust",
    "allocate",
    "ask_adjust",
    "ask_issue",
    "ask_reverse",
    "count",
    "issue",
    "lapse_retests",
    "receive",
    "record_assay",
    "retest",
    "reverse",
    "reversed_movements",
    "sample",
    "set_condition",
    "split",
    "transfer",
]
