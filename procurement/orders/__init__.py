"""Orders: written, approved by another person, placed, delivered. Each act is one command; see `transitions`.

draft, edit                                 what is asked for
submit, approve, send_back, place, cancel   what becomes of it
listing, beginning, one, summaries          reads
"""

from procurement.orders.acts import approve, cancel, do, place, send_back, submit
from procurement.orders.drafting import LineIn, draft, edit
from procurement.orders.reads import EventRow, LineRow, OrderDetail, OrderRow, beginning, listing, one, summaries

__all__ = [
    "EventRow",
    "LineIn",
    "LineRow",
    "OrderDetail",
    "OrderRow",
    "approve",
    "beginning",
    "cancel",
    "do",
    "draft",
    "edit",
    "listing",
    "one",
    "place",
    "send_back",
    "submit",
    "summaries",
]
