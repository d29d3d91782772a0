"""Notifications that wait until the module can take them."""

from __future__ import annotations

from collections import OrderedDict
from logging import getLogger
from threading import Lock
from typing import Callable, Optional

from ._worker import Worker

Task = Callable[[], None]

MOST_WAITING = 1000
"""Notifications that wait at most. One more drops the oldest."""
MOST_BYTES = 4 << 20
"""Bytes of the notifications that wait at most. More drop the oldest."""


class Notifications:
    """Runs the handler of each notification on one thread, in order. A module that is slower than its notifications gets
    fewer of them and does not grow: equal ones that wait are one, and when too many wait, the oldest is dropped and
    counted, as `mgrd` does it."""

    def __init__(self) -> None:
        self._worker = Worker("notify")
        self._lock = Lock()
        self._waiting: OrderedDict[object, tuple[Task, int]] = OrderedDict()
        self._bytes = 0
        self._running = False
        self._dropped = 0
        self._reported = 0

    def put(self, task: Task, same: Optional[object] = None, size: int = 0) -> None:
        """Runs a task after those that wait, unless one that is the `same` waits already."""
        with self._lock:
            if same is not None and same in self._waiting:
                return
            self._waiting[object() if same is None else same] = (task, size)
            self._bytes += size
            while len(self._waiting) > MOST_WAITING or (self._bytes > MOST_BYTES and len(self._waiting) > 1):
                self._take()
                self._dropped += 1
            if self._running:
                return
            self._running = True
        self._worker.put(self._run)

    def _take(self) -> Task:
        _, (task, size) = self._waiting.popitem(last=False)
        self._bytes -= size
        return task

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                task = self._take()
                dropped = self._dropped
            # Only when the number has doubled, so that a flood of notifications is not a flood of warnings.
            if dropped >= max(1, 2 * self._reported):
                self._reported = dropped
                getLogger().warning("the module does not keep up with its notifications: %d dropped so far", dropped)
            try:
                task()
            except BaseException:
                getLogger().exception("unhandled exception")
