"""What the app registers with the platform."""


def connect() -> None:
    """Make jobs, topics and two-person acts known. Called once, when the apps have loaded."""
