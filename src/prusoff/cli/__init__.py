"""The command line, one file a verb."""


def main() -> None:
    """Start the command line."""
