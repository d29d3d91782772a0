"""Text for messages."""

from __future__ import annotations

from typing import Any

_SHOWN = 80
"""Characters of a value that an error message shows at most."""

_LONGEST = 16384
"""Characters that a module may add to one message about itself."""


def bounded(text: str, longest: int = _LONGEST) -> str:
    """The beginning of a text that is too long for a message."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def sendable(text: str) -> str:
    """The text with a question mark for each character that UTF-8 cannot encode, such as half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def described(value: Any) -> str:
    """The type and the beginning of a value, for an error message."""
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
