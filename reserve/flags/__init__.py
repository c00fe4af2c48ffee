"""Flags: something is short, and somebody must act. Opened and closed by the scan, worked on by people."""

from reserve.flags.acts import acknowledge, assign, waive
from reserve.flags.reads import Want, count_open, listing, one, owners, wants
from reserve.flags.scan import scan

__all__ = ["Want", "acknowledge", "assign", "count_open", "listing", "one", "owners", "scan", "waive", "wants"]
