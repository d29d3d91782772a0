"""gRPC over a Unix socket."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event
from typing import Any, Callable, Optional

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from .._exceptions import HostError, host_error
from .._status import Status
from ._base import Finish, message_class

MAX_MESSAGE_BYTES = 72 << 20
"""The same as in `proto/src/lib.rs`: 64 MiB of data, and what is around it."""


class GrpcTransport:
    """Calls of one gRPC service. The secret says which module calls; clients and feeds have none."""

    def __init__(self, socket: str, secret: Optional[str], service: ServiceDescriptor) -> None:
        self._metadata = (("mgrd-secret", secret),) if secret else ()
        self._channel = grpc.insecure_channel(
            f"unix:{socket}",
            options=[
                # Derived from the path it would be refused by servers that insist on a host name.
                ("grpc.default_authority", "localhost"),
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
                ("grpc.enable_http_proxy", 0),
                ("grpc.SingleThreadedUnaryStream", 1),
            ],
        )
        self._methods: dict[str, Callable[..., Any]] = {}
        for method in service.methods:
            make = self._channel.stream_stream if method.client_streaming else self._channel.unary_unary
            self._methods[method.name] = make(
                f"/{service.full_name}/{method.name}",
                request_serializer=message_class(method.input_type).SerializeToString,
                response_deserializer=message_class(method.output_type).FromString,
            )

    def call(self, method: str, request: Message, timeout: Optional[float] = None) -> Any:
        """Makes a unary call and waits for its response. Raises HostError."""
        try:
            return self._methods[method](request, metadata=self._metadata, timeout=timeout)
        except grpc.RpcError as error:
            raise _host_error(error) from None

    def start(self, method: str, request: Message, finish: Finish) -> None:
        """Makes a unary call without waiting; `finish` is called later, on another thread."""

        def done(future: Any) -> None:
            error = future.exception()
            if error is None:
                finish(future.result(), None)
            else:
                finish(None, _host_error(error))

        call: Any = self._methods[method]
        call.future(request, metadata=self._metadata).add_done_callback(done)

    def stream(self, method: str) -> GrpcStream:
        """Opens a stream."""
        return GrpcStream(self._methods[method], self._metadata)

    def close(self) -> None:
        """Ends all calls and streams."""
        self._channel.close()


class GrpcStream:
    """A stream whose messages wait in a queue until gRPC takes them."""

    def __init__(self, method: Callable[..., Any], metadata: Any) -> None:
        self._queue: SimpleQueue[Optional[Message]] = SimpleQueue()
        self._call: Any = method(iter(self._queue.get, None), metadata=metadata)
        self._ended = Event()
        if not self._call.add_callback(self._ended.set):
            self._ended.set()

    def send(self, message: Message) -> None:
        """Sends a message; never waits."""
        self._queue.put(message)

    def waiting(self) -> int:
        """How many messages are not on their way yet."""
        return self._queue.qsize()

    def finish(self) -> None:
        """Sends what waits, and then that nothing more comes."""
        self._queue.put(None)

    def await_end(self, timeout: float) -> None:
        """Waits until the other side has ended the stream, but not longer than `timeout` seconds."""
        self._ended.wait(timeout)

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._call
        except grpc.RpcError as error:
            raise _host_error(error) from None


def _host_error(error: Any) -> HostError:
    code, trailing = error.code(), dict(error.trailing_metadata() or ())
    errno = trailing.get("mgrd-errno")
    return host_error(Status(code.value[0]), error.details() or "", int(errno) if errno else None)
