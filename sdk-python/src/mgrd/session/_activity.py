"""What a module is doing, for the watchdog of `mgrd`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic


class Activity:
    """Commands and notifications that the module is handling."""

    def __init__(self) -> None:
        self._ids = count()
        self._running: dict[int, tuple[float, str]] = {}

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Counts `what` as running inside the `with` block."""
        key = next(self._ids)
        self._running[key] = (monotonic(), what)
        try:
            yield
        finally:
            del self._running[key]

    def oldest(self) -> tuple[int, str]:
        """How many milliseconds the oldest one has run, and what it is; (0, "") if nothing runs."""
        running = list(self._running.values())
        if not running:
            return 0, ""
        since, what = min(running)
        return int((monotonic() - since) * 1000), what
