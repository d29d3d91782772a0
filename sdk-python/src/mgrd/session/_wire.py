"""The gRPC channel to `mgrd`: dialling, the secret, and calls by their name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import register_at_fork
from typing import Any, Callable, Optional

import grpc
from google.protobuf.descriptor import Descriptor, ServiceDescriptor
from google.protobuf.message import Message

from .._exceptions import from_rpc

MAX_MESSAGE_BYTES = 80 << 20
"""More than the 64 MiB of input data that a command may have."""


class Wire:
    """Calls of one gRPC service over a Unix socket."""

    def __init__(self, socket: str, secret: Optional[str], service: ServiceDescriptor) -> None:
        self._forked = False
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
        self._calls: dict[str, Callable[..., Any]] = {}
        for method in service.methods:
            streaming = method.name in ("Attach", "Publish")
            make = self._channel.stream_stream if streaming else self._channel.unary_unary
            self._calls[method.name] = make(
                f"/{service.full_name}/{method.name}",
                request_serializer=message_class(method.input_type).SerializeToString,
                response_deserializer=message_class(method.output_type).FromString,
            )
        register_at_fork(after_in_child=self._after_fork)

    def call(self, name: str, request: Message, timeout: Optional[float] = None) -> Any:
        """Makes a unary call and waits for its answer; raises `HostError`."""
        self._refuse_after_fork()
        try:
            return self._calls[name](request, metadata=self._metadata, timeout=timeout)
        except grpc.RpcError as error:
            raise from_rpc(error) from None

    def start(self, name: str, request: Message) -> Any:
        """Starts a unary call; returns its future."""
        self._refuse_after_fork()
        return self._calls[name].future(request, metadata=self._metadata)  # type: ignore[attr-defined]

    def stream(self, name: str, requests: Iterable[Message]) -> Iterator[Any]:
        """Opens a bidirectional stream."""
        stream: Iterator[Any] = self._calls[name](iter(requests), metadata=self._metadata)
        return stream

    def close(self) -> None:
        """Ends all calls."""
        self._channel.close()

    def _after_fork(self) -> None:
        self._forked = True

    def _refuse_after_fork(self) -> None:
        if self._forked:
            raise RuntimeError(
                "this process was forked from a module and has no session of its own: ask mgrd in the module's own "
                "process, or start helpers with multiprocessing.get_context('spawn')"
            )


def message_class(descriptor: Descriptor) -> type[Message]:
    """The Python class of a message; the one way that every protobuf from 3.21 on has."""
    cls: type[Message] = descriptor._concrete_class  # type: ignore[attr-defined]
    return cls


def read_secret(path: str) -> str:
    """Reads the secret that `mgrd` wrote into a pipe for this process only; works once."""
    with open(path, encoding="ascii") as pipe:
        return pipe.read().strip()
