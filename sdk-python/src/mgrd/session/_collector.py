"""Keeping the garbage collector away from large values while they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gc import disable, enable, isenabled
from os import register_at_fork

_pausing: list[None] = []
"""One item for each thread that paused the collector and will let it go on."""


@contextmanager
def paused() -> Iterator[None]:
    """No cyclic collection meanwhile: thousands of new containers, none of them garbage, would start one after the other.

    Only the thread that stops the collector lets it go on, so it is never left off; a second thread meanwhile may have to
    work with the collector on. A module that has switched it off finds it off afterwards."""
    if not isenabled():
        yield
        return
    _pausing.append(None)
    disable()
    try:
        yield
    finally:
        enable()
        _pausing.pop()


def _after_fork() -> None:
    """The threads that would let it go on are not in the child."""
    if _pausing:
        _pausing.clear()
        enable()


register_at_fork(after_in_child=_after_fork)
