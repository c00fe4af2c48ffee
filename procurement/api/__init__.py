"""Suppliers, orders and deliveries over the API: each view translates in, calls one door, translates out."""
