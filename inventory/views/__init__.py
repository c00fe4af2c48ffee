"""The inventory's pages. Each translates in, calls one door, translates out."""
