"""Threads that work through what is given to them, in order."""

from __future__ import annotations

from logging import getLogger
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Callable

Task = Callable[[], None]


class Worker:
    """A queue of tasks and the threads that run them, started when they are needed. One thread keeps the order."""

    def __init__(self, name: str, most_threads: int = 1) -> None:
        self._name = name
        self._most_threads = most_threads
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        self._lock = Lock()
        self._unfinished = 0
        self._threads = 0

    def put(self, task: Task) -> None:
        """Runs a task after those that wait."""
        self._tasks.put(task)
        with self._lock:
            self._unfinished += 1
            if self._unfinished <= self._threads or self._threads == self._most_threads:
                return
            self._threads += 1
            name = self._name if self._most_threads == 1 else f"{self._name}-{self._threads}"
        Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                task()
            except BaseException:
                getLogger().exception("unhandled exception")
            with self._lock:
                self._unfinished -= 1
