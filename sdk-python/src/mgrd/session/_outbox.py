"""Sends messages on the session."""

from __future__ import annotations

from threading import Lock
from typing import Optional

from .._proto import module_host_pb2 as pb
from .._transports._base import Stream

LOG_LIMIT = 10_000
"""Messages that may wait before log records are left out."""


class Outbox:
    """Sends messages to the host in their order. Log records are left out and counted while too many messages wait, so that
    a module that logs faster than the host reads neither stops nor grows."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stream: Optional[Stream] = None
        self._early: list[pb.AttachRequest] = []
        """Messages from before the stream was opened."""
        self._logs_dropped = 0

    def open(self, stream: Stream, hello: pb.Hello) -> None:
        """Sends the hello, which must be the first message, and what waited until now."""
        with self._lock:
            stream.send(pb.AttachRequest(hello=hello))
            for message in self._early:
                stream.send(message)
            self._early.clear()
            self._stream = stream

    def put(self, message: pb.AttachRequest) -> None:
        """Sends a message after those that wait."""
        if self._stream is None:
            with self._lock:
                if self._stream is None:
                    self._early.append(message)
                    return
        self._stream.send(message)

    def log(self, record: pb.LogRecord) -> None:
        """Sends a log record, unless too many messages wait."""
        with self._lock:
            waiting = len(self._early) if self._stream is None else self._stream.waiting()
            if waiting >= LOG_LIMIT:
                self._logs_dropped += 1
                return
            dropped, self._logs_dropped = self._logs_dropped, 0
        if dropped:
            record.message = f"({dropped} earlier records were left out: too many at once)\n{record.message}"
        self.put(pb.AttachRequest(log=record))

    def close(self, timeout: float) -> None:
        """Ends the stream after what waits, and waits for the host to end it too."""
        if self._stream is not None:
            self._stream.finish()
            self._stream.await_end(timeout)
