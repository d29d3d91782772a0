"""Converts option values between the text that the host stores and the type that the module declared."""

from __future__ import annotations

from typing import Any, Callable, Optional, Union

OptionValue = Optional[Union[bool, int, float, str]]

_TRUE = frozenset(("1", "true", "True", "on", "yes"))


def _to_int(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        return int(text)  # leading zeros


CONVERTERS: dict[str, Callable[[str], OptionValue]] = {
    "int": _to_int,
    "uint": _to_int,
    "size": _to_int,
    "float": float,
    "secs": float,
    "millisecs": float,
    "bool": _TRUE.__contains__,
}
"""By declared type. All other types are text."""


def typed(kind: str, text: str) -> OptionValue:
    """The value of stored text."""
    convert = CONVERTERS.get(kind)
    return text if convert is None else convert(text)


def as_text(value: Any) -> str:
    """The text of a value. It is `true` and `false` for a bool, which every reader knows."""
    return str(value).lower() if isinstance(value, bool) else str(value)
