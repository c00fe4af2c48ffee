"""The pages of the reserve: desks, position, elements, targets, flags, search."""
