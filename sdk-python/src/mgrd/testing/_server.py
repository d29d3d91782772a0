"""A fake host on a Unix socket, for modules and feeds in other processes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent import futures
from typing import Any, Protocol

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from .._exceptions import HostError
from .._transports._base import message_class

_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Host(Protocol):
    """What answers calls and streams, as for a `MockTransport`."""

    def answer(self, name: str, request: Any) -> Any:
        """The response to a call. Raises HostError."""

    def serve(self, method: str, requests: Iterator[Any]) -> Iterator[Any]:
        """The responses of a stream."""
        ...


class Server:
    """Serves a fake host over gRPC, on a socket in its own folder."""

    def __init__(self, host: Host, service: ServiceDescriptor) -> None:
        self._folder = tempfile.mkdtemp(prefix="mgrd-test-")
        self.socket = f"{self._folder}/s"
        self._pool = futures.ThreadPoolExecutor(32)
        self._server = grpc.server(self._pool, options=_OPTIONS)
        self._server.add_generic_rpc_handlers((_handlers(host, service),))
        self._server.add_insecure_port(f"unix:{self.socket}")
        self._server.start()

    def stop(self) -> None:
        """Ends all calls and removes the socket."""
        self._server.stop(grace=1).wait()
        self._pool.shutdown()
        shutil.rmtree(self._folder)


def _handlers(host: Host, service: ServiceDescriptor) -> Any:
    table = {}
    for method in service.methods:
        make, behaviour = (
            (grpc.stream_stream_rpc_method_handler, _stream(host, method.name))
            if method.client_streaming
            else (grpc.unary_unary_rpc_method_handler, _unary(host, method.name))
        )
        table[method.name] = make(
            behaviour,
            request_deserializer=message_class(method.input_type).FromString,
            response_serializer=message_class(method.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(service.full_name, table)


def _unary(host: Host, name: str) -> Any:
    def behaviour(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return host.answer(name, request)
        except HostError as error:
            if error.errno is not None:
                context.set_trailing_metadata((("mgrd-errno", str(error.errno)),))
            code = next(code for code in grpc.StatusCode if code.value[0] == error.status)
            return context.abort(code, str(error))

    return behaviour


def _stream(host: Host, name: str) -> Any:
    def behaviour(requests: Iterator[Any], _context: grpc.ServicerContext) -> Iterator[Any]:
        return host.serve(name, _until_the_connection_ends(requests))

    return behaviour


def _until_the_connection_ends(requests: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from requests
    except grpc.RpcError:
        return
