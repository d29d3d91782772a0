"""What a module is working on, for the host's watchdog."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic


class Busy:
    """Commands and notification handlers under way."""

    def __init__(self) -> None:
        self._ids = count()
        self._running: dict[int, tuple[float, str]] = {}

    @contextmanager
    def with_(self, what: str) -> Iterator[None]:
        """Counts as busy with `what` meanwhile."""
        key = next(self._ids)
        self._running[key] = (monotonic(), what)
        try:
            yield
        finally:
            del self._running[key]

    def oldest(self) -> tuple[int, str]:
        """Milliseconds that the oldest one runs, and what it is; (0, "") if there is none."""
        running = list(self._running.values())
        if not running:
            return 0, ""
        since, what = min(running)
        return int((monotonic() - since) * 1000), what
