"""Marks on methods for modules that offer them further."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def _mark(attribute: str, default: Any) -> Any:
    token = f"__ATTR_{attribute.upper()}__"

    class Mark:
        """Sets the mark."""

        _ATTR_TOKEN = token

        def __init__(self, value: Any = default) -> None:
            self.value = value

        def __call__(self, func: F) -> F:
            setattr(func, token, self.value)
            return func

        @classmethod
        def get(cls, func: Callable[..., Any]) -> Any:
            """The mark of a method."""
            return getattr(func, token, default)

    return Mark


class API:
    """`@API.perm("w")` says which permission a method needs, `@API.expose` that it may be called from outside."""

    perm = _mark("perm", "r")
    expose = _mark("expose", False)(True)
