"""Commands that a command handler sends. If its module answers one of them itself, that command must not wait for the
handler to finish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Callable


class Nesting:
    """Counts the commands that handlers have sent and that have not ended."""

    def __init__(self) -> None:
        self._thread = local()
        self._lock = Lock()
        self._sent = 0

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Marks this thread as running a handler inside the `with` block."""
        self._thread.handles = True
        try:
            yield
        finally:
            self._thread.handles = False

    def sends(self) -> Callable[[], None]:
        """Counts a command that this thread sends. Call the result when the command has ended."""
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
