"""What session and feed rely on, whatever carries their messages."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any, Callable

import pytest

from mgrd import HostError, InvalidValue, NotFound, NotPermitted, Status
from mgrd._proto import module_host_pb2 as pb
from mgrd._transports._base import Transport
from mgrd._transports._grpc import GrpcTransport
from mgrd._transports._mock import MockTransport
from mgrd.session._session import SERVICE
from mgrd.testing._server import Server

Connect = Callable[[Any], Transport]


@pytest.fixture(params=["grpc", "mock"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Connects with a host."""
    started: list[Any] = []

    def over_grpc(host: Any) -> Transport:
        server = Server(host, SERVICE)
        transport = GrpcTransport(server.socket, "secret", SERVICE)
        started.extend([transport.close, server.stop])
        return transport

    yield over_grpc if request.param == "grpc" else lambda host: MockTransport(host.answer, host.serve)
    for end in started:
        end()


class Echo:
    """Answers with what it was asked."""

    def __init__(self) -> None:
        self.refusal: Any = None

    def answer(self, name: str, request: Any) -> Any:
        assert name == "GetDocument"
        if self.refusal is not None:
            raise self.refusal
        return pb.GetDocumentResponse(version=request.known_version)

    def serve(self, method: str, requests: Iterator[pb.AttachRequest]) -> Iterator[pb.AttachResponse]:
        assert method == "Attach"
        for request in requests:
            yield pb.AttachResponse(ping=pb.Ping(seq=request.pong.seq))


class Abrupt(Echo):
    """Ends a stream after the first message."""

    def serve(self, method: str, requests: Iterator[pb.AttachRequest]) -> Iterator[pb.AttachResponse]:
        yield pb.AttachResponse(ping=pb.Ping(seq=next(requests).pong.seq))


def test_a_call_returns_the_response(connect: Connect) -> None:
    request = pb.GetDocumentRequest(known_version=7)
    transport = connect(Echo())
    assert transport.call("GetDocument", request).version == 7
    finished: SimpleQueue[Any] = SimpleQueue()
    transport.start("GetDocument", request, lambda *result: finished.put(result))
    response, error = finished.get(timeout=20)
    assert (response.version, error) == (7, None)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (InvalidValue("no", 22), ValueError),
        (HostError("no", status=Status.OUT_OF_RANGE), ValueError),
        (NotFound("no"), KeyError),
        (NotPermitted("no", 13), PermissionError),
        (HostError("no", 5, Status.UNAVAILABLE), RuntimeError),
    ],
)
def test_a_refusal_arrives_with_its_kind_its_errno_and_its_text(
    connect: Connect, refusal: HostError, kind: type[Exception]
) -> None:
    host = Echo()
    host.refusal = refusal
    transport = connect(host)
    with pytest.raises(HostError) as caught:
        transport.call("GetDocument", pb.GetDocumentRequest())
    finished: SimpleQueue[Any] = SimpleQueue()
    transport.start("GetDocument", pb.GetDocumentRequest(), lambda *result: finished.put(result))
    response, error = finished.get(timeout=20)
    assert response is None
    for found in (caught.value, error):
        assert isinstance(found, kind)
        assert (str(found), found.errno, found.status) == ("no", refusal.errno, refusal.status)


def test_messages_keep_their_order_and_the_stream_ends_when_both_sides_have_ended(connect: Connect) -> None:
    stream = connect(Echo()).stream("Attach")
    for seq in range(100):
        stream.send(pb.AttachRequest(pong=pb.Pong(seq=seq)))
    stream.finish()
    assert [response.ping.seq for response in stream] == list(range(100))
    stream.await_end(60)


def test_the_end_of_a_stream_is_known_to_those_who_ask_later(connect: Connect) -> None:
    stream = connect(Abrupt()).stream("Attach")
    stream.send(pb.AttachRequest(pong=pb.Pong(seq=3)))
    assert [response.ping.seq for response in stream] == [3]
    stream.await_end(3600)


def test_without_a_host_a_call_says_so() -> None:
    transport = GrpcTransport("/nothing/there", None, SERVICE)
    with pytest.raises(HostError, match="/nothing/there") as caught:
        transport.call("GetDocument", pb.GetDocumentRequest())
    assert caught.value.status is Status.UNAVAILABLE
    transport.close()
