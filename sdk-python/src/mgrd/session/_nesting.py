"""Commands that a command handler sends: while it waits for one, another of the same module must not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Callable


class Nesting:
    """Counts what handlers have sent and not been answered."""

    def __init__(self) -> None:
        self._thread = local()
        self._lock = Lock()
        self._sent = 0

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Marks this thread as running a handler."""
        self._thread.handles = True
        try:
            yield
        finally:
            self._thread.handles = False

    def sends(self) -> Callable[[], None]:
        """Notes that this thread sends a command; to be called when that has ended."""
        if not getattr(self._thread, "handles", False):
            return lambda: None
        self._add(1)
        return lambda: self._add(-1)

    def waits(self) -> bool:
        """Whether a handler may be waiting for a command that it sent."""
        with self._lock:
            return self._sent > 0

    def _add(self, count: int) -> None:
        with self._lock:
            self._sent += count
