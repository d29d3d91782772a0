"""Marks on methods, for modules that offer the methods of others, for example over HTTP."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _Mark:
    """Sets an attribute of a method."""

    _ATTR_TOKEN = ""
    _DEFAULT: Any = None

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, func: F) -> F:
        setattr(func, self._ATTR_TOKEN, self.value)
        return func

    @classmethod
    def get(cls, func: Callable[..., Any]) -> Any:
        """The value of this mark on a method."""
        return getattr(func, cls._ATTR_TOKEN, cls._DEFAULT)


class _Perm(_Mark):
    _ATTR_TOKEN = "__ATTR_PERM__"
    _DEFAULT = "r"


class _Expose(_Mark):
    _ATTR_TOKEN = "__ATTR_EXPOSE__"
    _DEFAULT = False


class API:
    """`@API.perm("w")` sets which permission a method needs. `@API.expose` allows others to call it."""

    perm = _Perm
    expose = _Expose(True)
