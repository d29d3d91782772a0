"""Pauses the garbage collector while large values are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gc import disable, enable, isenabled
from os import register_at_fork

_pauses: list[None] = []
"""One item for each thread that paused the collector and will enable it again."""


@contextmanager
def paused() -> Iterator[None]:
    """Pauses the cyclic collector inside the `with` block. Thousands of new containers would start it again and again, and
    none of them is garbage.

    Only the thread that disabled the collector enables it, so it never stays off. If two threads overlap, the second one
    may work with the collector on. If the module has disabled the collector, it stays disabled."""
    if not isenabled():
        yield
        return
    _pauses.append(None)
    disable()
    try:
        yield
    finally:
        enable()
        _pauses.pop()


def _after_fork() -> None:
    """The threads that would enable the collector do not exist in the child."""
    if _pauses:
        _pauses.clear()
        enable()


register_at_fork(after_in_child=_after_fork)
