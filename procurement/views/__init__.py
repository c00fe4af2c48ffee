"""Procurement's pages: each view translates in, calls one door, translates out."""
