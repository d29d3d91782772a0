"""Copies of one JSON value, several times cheaper than decoding it again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain
from typing import Any, Callable, Optional

from ._collector import paused

SMALL = 200
"""Containers in a copy up to which the garbage collector is not paused."""

_Make = Callable[[], Iterable[Any]]
_Shape = Optional[tuple[Any, ...]]
_A_LIST: _Shape = ("", list)
"""The shape of every list. No dict has it, because the keys of a dict are texts."""


class Copier:
    """Makes copies of a JSON value.

    Large documents are lists of similar things, such as a thousand OSDs with the same keys. All of them are copied at
    once, which leaves the loops to `map`, `zip` and `dict.copy`. How to do that is planned once, in the constructor."""

    def __init__(self, value: Any) -> None:
        self._plan_for(value)
        # Later copies are made of this first one. It lies in memory in the order in which it was made, which saves up to half
        # of the time for large values, and no caller has it.
        self._plan_for(self.copy())

    def copy(self) -> Any:
        """A copy that shares nothing with others."""
        if self._make is None:
            return self._value
        if self._containers < SMALL:
            return next(iter(self._make()))
        with paused():
            return next(iter(self._make()))

    def _plan_for(self, value: Any) -> None:
        self._containers = 0
        self._value = value
        self._make = self._plan([value])

    def _plan(self, values: list[Any]) -> Optional[_Make]:
        """A function that copies these values in their order; None if they need no copy."""
        by_shape: dict[_Shape, list[int]] = {}
        for at, value in enumerate(values):
            by_shape.setdefault(_shape(value), []).append(at)
        if not by_shape.keys() - {None}:
            return None
        if len(by_shape) == 1:
            return self._plan_alike(values)
        by_shape.pop(None, None)
        alike = [(places, self._plan_alike([values[at] for at in places])) for places in by_shape.values()]

        def make() -> list[Any]:
            made = values.copy()
            for places, make_alike in alike:
                for at, value in zip(places, make_alike()):
                    made[at] = value
            return made

        return make

    def _plan_alike(self, values: list[Any]) -> _Make:
        self._containers += len(values)
        return self._plan_dicts(values) if type(values[0]) is dict else self._plan_lists(values)

    def _plan_dicts(self, dicts: list[dict[str, Any]]) -> _Make:
        keys = [key for key in dicts[0] if any(_shape(one[key]) is not None for one in dicts)]
        if len(keys) > len(dicts):
            return self._plan_wide_dicts(dicts, keys)
        columns = [(key, self._plan([one[key] for one in dicts]) or tuple) for key in keys]
        if not columns:
            return lambda: map(dict.copy, dicts)
        if len(dicts[0]) == 1:
            [(only, make_only)] = columns
            return lambda: [{only: value} for value in make_only()]

        def make() -> list[Any]:
            made = list(map(dict.copy, dicts))
            for key, make_column in columns:
                for one, value in zip(made, make_column()):
                    one[key] = value
            return made

        return make

    def _plan_wide_dicts(self, dicts: list[dict[str, Any]], keys: list[str]) -> _Make:
        """For few dicts with many containers: those of one dict are similar, rather than those of one key."""
        make_items = self._plan([one[key] for one in dicts for key in keys]) or tuple

        def make() -> Iterable[Any]:
            items = iter(make_items())
            for one in map(dict.copy, dicts):
                one.update(zip(keys, items))
                yield one

        return make

    def _plan_lists(self, lists: list[list[Any]]) -> _Make:
        make_items = self._plan(list(chain.from_iterable(lists)))
        if make_items is None:
            return lambda: map(list.copy, lists)
        lengths = list(map(len, lists))
        if len(set(lengths)) == 1:
            # The same iterator as often as a list is long, so that zip takes the items of one list after the other.
            return lambda: map(list, zip(*[iter(make_items())] * lengths[0]))
        ends = list(accumulate(lengths))
        parts = list(map(slice, [0, *ends], ends))
        return lambda: map(list(make_items()).__getitem__, parts)


def _shape(value: Any) -> _Shape:
    """What values must have in common to be copied together; None for what is not a container."""
    if type(value) is dict:
        return tuple(value)
    return _A_LIST if type(value) is list else None


def with_equal_texts_shared(value: Any) -> Any:
    """The same JSON value, with one object for all equal texts. That takes less memory, and copies touch less of it."""
    return _shared(value, {})


def _shared(value: Any, known: dict[str, str]) -> Any:
    if type(value) is dict:
        return {known.setdefault(key, key): _shared(item, known) for key, item in value.items()}
    if type(value) is list:
        return [_shared(item, known) for item in value]
    return known.setdefault(value, value) if type(value) is str else value
