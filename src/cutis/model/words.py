"""Counts in words a person reads: `1 claim`, `1,234 claims`; text from files made safe for a terminal."""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, singular for one.

    Args:
        number: how many.
        noun: singular, possibly with words before it.
        plural: where it is not the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def harmless(text: str) -> str:
    """Text without control characters: what a file says must not move the cursor or change the terminal."""
    return text if text.isprintable() else "".join(x if x.isprintable() else "\ufffd" for x in text)
