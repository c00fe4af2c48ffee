"""The reserve over the API: each view translates in, calls one door, translates out."""
