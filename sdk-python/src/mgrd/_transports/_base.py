"""What a transport does: unary calls by their name, and streams of messages both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, Optional, Protocol

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from .._exceptions import HostError

Finish = Callable[[Any, Optional[HostError]], None]
"""Takes the response of a call, or the reason why there is none."""


class Stream(Protocol):
    """A stream of messages both ways. Each side sees the other's messages in the order in which they were sent."""

    def send(self, message: Message) -> None:
        """Sends a message; never waits. Safe to call from any thread."""

    def waiting(self) -> int:
        """How many messages are not on their way yet."""

    def finish(self) -> None:
        """Sends what waits, and then that nothing more comes."""

    def await_end(self, timeout: float) -> None:
        """Waits until the other side has ended the stream, but not longer than `timeout` seconds."""

    def __iter__(self) -> Iterator[Any]:
        """The messages of the other side, until it ends the stream. Raises HostError if the stream breaks."""
        ...


class Transport(Protocol):
    """Calls of one service. Safe to use from any thread."""

    def call(self, method: str, request: Message, timeout: Optional[float] = None) -> Any:
        """Makes a unary call and waits for its response. Raises HostError."""

    def start(self, method: str, request: Message, finish: Finish) -> None:
        """Makes a unary call without waiting; `finish` is called later, on another thread."""

    def stream(self, method: str) -> Stream:
        """Opens a stream."""
        ...

    def close(self) -> None:
        """Ends all calls and streams."""


def message_class(descriptor: Descriptor) -> type[Message]:
    """The Python class of a message; the one way that every protobuf from 3.21 on has."""
    cls: type[Message] = descriptor._concrete_class  # type: ignore[attr-defined]
    return cls
