"""Text as messages can carry it."""

from __future__ import annotations


def sendable(text: str) -> str:
    """The text with a question mark for what is no character, such as half of a surrogate pair: it would not be UTF-8."""
    return text.encode("utf-8", "replace").decode()
