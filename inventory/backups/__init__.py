"""Backups: a dump and a manifest that says what the ledger was in it; restored and proven by the same manifest."""
