"""What is kept of an error for people to read."""

LONGEST = 500


def sentence(error: BaseException) -> str:
    """Name and first line of an error. Further lines stay in the log: a database writes whole rows into them."""
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    return (f"{name}: {lines[0]}" if lines else name)[:LONGEST]
