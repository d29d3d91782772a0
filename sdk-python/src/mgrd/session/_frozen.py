"""Documents that many readers share: dicts and lists that cannot be changed."""

from __future__ import annotations

from typing import Any, NoReturn


def _refuse(self: object, *_args: object, **_kwargs: object) -> NoReturn:
    raise TypeError("this document is shared and read-only; get(name) gives a copy of your own")


class FrozenDict(dict):  # type: ignore[type-arg]
    """A dict that cannot be changed."""

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __copy__(self) -> dict[Any, Any]:
        return dict(self)

    def __deepcopy__(self, _memo: object) -> Any:
        return thawed(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (dict, (thawed(self),))


class FrozenList(list):  # type: ignore[type-arg]
    """A list that cannot be changed."""

    __slots__ = ()

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __copy__(self) -> list[Any]:
        return list(self)

    def __deepcopy__(self, _memo: object) -> Any:
        return thawed(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (list, (thawed(self),))


def frozen(value: Any) -> Any:
    """The same JSON value, read-only at every depth."""
    if isinstance(value, dict):
        return FrozenDict((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return FrozenList(map(frozen, value))
    return value


def thawed(value: Any) -> Any:
    """A copy that can be changed."""
    if isinstance(value, dict):
        return {key: thawed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [thawed(item) for item in value]
    return value
