"""Threads that work through what is given to them, in order."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Callable

Task = Callable[[], None]


class Worker:
    """One queue and the threads that empty it; with one thread, strictly in order."""

    def __init__(self, name: str, threads: int = 1) -> None:
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for index in range(threads):
            threading.Thread(target=self._run, name=name if threads == 1 else f"{name}-{index}", daemon=True).start()

    def put(self, task: Task) -> None:
        """Has a task done."""
        self._tasks.put(task)

    def _run(self) -> None:
        while True:
            try:
                self._tasks.get()()
            except Exception:
                logging.getLogger().exception("unhandled exception")
