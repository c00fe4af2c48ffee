"""Flags: something is short, and somebody must act. Opened and closed by the scan, worked on by people."""

from reserve.flags.acts import acknowledge, assign, waive
from reserve.flags.reads import count_events, count_open, listing, one, owners, turned
from reserve.flags.scan import scan

__all__ = ["acknowledge", "assign", "count_events", "count_open", "listing", "one", "owners", "scan", "turned", "waive"]
