"""A transport for tests: the other side is in the same process."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Callable, Optional

from google.protobuf.message import Message

from .._exceptions import HostError, host_error
from ._base import Finish

Answer = Callable[[str, Any], Any]
"""The response to a request of a method. Raises HostError to refuse it."""
Serve = Callable[[str, Iterator[Any]], Iterator[Any]]
"""The responses to the requests of a stream."""


class MockTransport:
    """Hands each call to `answer` and each stream to `serve`, as if they were on the other side of a socket."""

    def __init__(self, answer: Answer, serve: Serve) -> None:
        self._answer = answer
        self._serve = serve

    def call(self, method: str, request: Message, timeout: Optional[float] = None) -> Any:
        """The response. Raises HostError."""
        try:
            return _sent(self._answer(method, _sent(request)))
        except HostError as error:
            raise host_error(error.status, str(error), error.errno) from None

    def start(self, method: str, request: Message, finish: Finish) -> None:
        """Calls `finish` with the response or the error, on another thread."""

        def run() -> None:
            try:
                response = self.call(method, request)
            except HostError as error:
                finish(None, error)
            except Exception as error:
                finish(None, HostError(f"the fake host failed: {type(error).__name__}: {error}"))
            else:
                finish(response, None)

        Thread(target=run, daemon=True).start()

    def stream(self, method: str) -> MockStream:
        """Opens a stream."""
        return MockStream(lambda requests: self._serve(method, requests))

    def close(self) -> None:
        """Nothing to do."""


class MockStream:
    """A stream to a function that takes requests and yields responses."""

    def __init__(self, serve: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        self._queue: SimpleQueue[Optional[Message]] = SimpleQueue()
        self._responses = serve(iter(self._queue.get, None))
        self._ended = Event()

    def send(self, message: Message) -> None:
        """Sends a message."""
        self._queue.put(_sent(message))

    def waiting(self) -> int:
        """None waits for long."""
        return 0

    def finish(self) -> None:
        """Says that nothing more comes."""
        self._queue.put(None)

    def await_end(self, timeout: float) -> None:
        """Waits until the other side has ended the stream."""
        self._ended.wait(timeout)

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from map(_sent, self._responses)
        finally:
            self._ended.set()


def _sent(message: Any) -> Any:
    """The message as it arrives: a copy."""
    return type(message).FromString(message.SerializeToString())
