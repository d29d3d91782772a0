"""What waits to be sent on the session."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Lock
from typing import Optional

from .._proto import module_host_pb2 as pb

LOG_LIMIT = 10_000
"""Log records that may wait; more are left out and counted."""


class Outbox:
    """Messages for the host in their order. Answers always fit; log records only up to a limit, so that a module which
    logs faster than the host reads neither stops nor grows."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Optional[pb.AttachRequest]] = SimpleQueue()
        self._lock = Lock()
        self._logs_waiting = 0
        self._logs_dropped = 0

    def put(self, message: pb.AttachRequest) -> None:
        """Sends a message after those that wait."""
        self._queue.put(message)

    def log(self, record: pb.LogRecord) -> None:
        """Sends a log record, unless too many wait."""
        with self._lock:
            if self._logs_waiting >= LOG_LIMIT:
                self._logs_dropped += 1
                return
            dropped, self._logs_dropped = self._logs_dropped, 0
            self._logs_waiting += 1
        if dropped:
            record.message = f"({dropped} earlier records were left out: too many at once)\n{record.message}"
        self._queue.put(pb.AttachRequest(log=record))

    def close(self) -> None:
        """Ends the stream after what waits is sent."""
        self._queue.put(None)

    def __iter__(self) -> Iterator[pb.AttachRequest]:
        while True:
            message = self._queue.get()
            if message is None:
                return
            if message.WhichOneof("message") == "log":
                with self._lock:
                    self._logs_waiting -= 1
            yield message
