"""A host with no cluster and no disk: speaks the contract, keeps everything in dicts that a test can set and read."""

from __future__ import annotations

import itertools
import json
import queue
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent import futures
from typing import Any, Callable, Optional

import grpc

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from ..session._session import SERVICE
from ..session._wire import message_class
from ._answers import Answers

SECRET = "only-for-tests"
_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class FakeHost(Answers):
    """Serves one module on a Unix socket. Use it as a context manager."""

    def __init__(
        self, module: str, *, mgr_id: str = "x", role: int = types_pb2.ROLE_ACTIVE, purpose: int = pb.PURPOSE_RUN
    ) -> None:
        super().__init__()
        self.module = module
        self.constants = pb.Constants(
            mgr_id=mgr_id, hostname="testhost", version="fake 1.0", release_name="pacific", debug_mgr="2/5"
        )
        self.role = role
        self.purpose = purpose
        self.hello: Optional[pb.Hello] = None
        self.received: queue.Queue[pb.AttachRequest] = queue.Queue()
        """Everything that the module said, but answers to `ask`."""
        self._to_module: queue.SimpleQueue[Optional[pb.AttachResponse]] = queue.SimpleQueue()
        self._ids = itertools.count(1)
        self._asked: dict[int, queue.SimpleQueue[Any]] = {}
        self._telling = threading.Lock()
        """Held while a document's version is read or changed and said, so that versions are said in their order."""
        self.ready = threading.Event()
        self._closed = False
        self._folder = tempfile.mkdtemp(prefix="mgrd-test-")
        self.socket = f"{self._folder}/s"
        self._pool = futures.ThreadPoolExecutor(32)
        self._server = grpc.server(self._pool, options=_OPTIONS)
        self._server.add_generic_rpc_handlers((_handlers(self),))
        self._server.add_insecure_port(f"unix:{self.socket}")

    def __enter__(self) -> FakeHost:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._closed:
            return
        self._closed = True
        self._to_module.put(None)
        self._server.stop(grace=1).wait()
        self._pool.shutdown()
        shutil.rmtree(self._folder)

    def send(self, **message: Any) -> None:
        """Sends a message on the session: `send(ping=pb.Ping(seq=1))`."""
        self._to_module.put(pb.AttachResponse(**message))

    def command(
        self, prefix: str, timeout: float = 10, inbuf: Optional[bytes] = None, **args: Any
    ) -> types_pb2.CommandOutcome:
        """Has the module run a command and waits for its outcome."""
        call_id, answer = self._expect()
        body = json.dumps({"prefix": prefix, **args}).encode()
        self.send(
            command=pb.Command(
                call_id=call_id, prefix=prefix, args=body, input=inbuf or b"", has_input=inbuf is not None
            )
        )
        outcome: types_pb2.CommandOutcome = answer.get(timeout=timeout).outcome
        return outcome

    def call(self, method: str, *args: Any, timeout: float = 10, **kwargs: Any) -> pb.RemoteResult:
        """Calls a method of the module as another module would."""
        call_id, answer = self._expect()
        payloads = [types_pb2.Payload(data=json.dumps(part).encode()) for part in (args, kwargs)]
        self.send(
            remote_call=pb.RemoteCall(
                call_id=call_id, caller="test", method=method, args=payloads[0], kwargs=payloads[1]
            )
        )
        result: pb.RemoteResult = answer.get(timeout=timeout)
        return result

    def notify(self, kind: str, ident: Any = "") -> None:
        """Tells the module that something changed."""
        self.send(notification=pb.Notification(type=kind, id=json.dumps(ident).encode()))

    def set_document(self, name: str, value: Any) -> None:
        """Changes a document, and says so as the host does."""
        with self._telling:
            self.put_document(name, value)
            if name in self.watched:
                self._tell_versions([name])

    def set_option(self, key: str, value: Optional[str]) -> None:
        """Changes an option from outside."""
        entry = self.put_option(key, value)
        self.send(options_changed=pb.OptionsChanged(options=[entry]))

    def settle(self, timeout: float = 10) -> None:
        """Waits until each side has taken in all that the other had said on the session."""
        seq, pong = self._expect()
        self.send(ping=pb.Ping(seq=seq))
        pong.get(timeout=timeout)

    def until(self, kind: str, timeout: float = 10) -> Any:
        """Waits for the module's next message of a kind, such as "log"; others are passed over."""
        while True:
            message = self.received.get(timeout=timeout)
            if message.WhichOneof("message") == kind:
                return getattr(message, kind)

    def attach(
        self, requests: Iterator[pb.AttachRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.AttachResponse]:
        """The session, from the host's side."""
        self.hello = next(requests).hello
        yield pb.AttachResponse(welcome=self._welcome(self.hello))
        threading.Thread(target=self._read, args=(requests,), daemon=True).start()
        while True:
            message = self._to_module.get()
            if message is None:
                return
            yield message

    def _read(self, requests: Iterator[pb.AttachRequest]) -> None:
        try:
            for request in requests:
                self._take(request)
        except grpc.RpcError:
            pass
        self._to_module.put(None)

    def _take(self, request: pb.AttachRequest) -> None:
        kind = request.WhichOneof("message")
        part: Any = getattr(request, kind) if kind else None
        if kind in ("command_result", "remote_result"):
            self._asked.pop(part.call_id).put(part)
        elif kind == "pong" and part.seq in self._asked:
            self._asked.pop(part.seq).put(part)
        elif kind == "watch_documents":
            with self._telling:
                self.watch(list(part.names))
                self._tell_versions(part.names)
        else:
            if kind == "ready":
                self.ready.set()
            self.received.put(request)

    def _tell_versions(self, names: Iterable[str]) -> None:
        versions = [pb.DocumentVersion(name=name, version=self.documents.get(name, (0, b""))[0]) for name in names]
        self.send(document_changed=pb.DocumentChanged(documents=versions))

    def _welcome(self, hello: pb.Hello) -> pb.Welcome:
        return pb.Welcome(
            protocol_version=1,
            features=list(hello.features),
            purpose=self.purpose,  # type: ignore[arg-type]
            role=self.role,  # type: ignore[arg-type]
            module=self.module,
            constants=self.constants,
            options=list(self.options.values()),
            store=list(self.store.values()),
            limits=pb.Limits(max_message_bytes=64 << 20, call_timeout_ms=30_000, shutdown_grace_ms=5_000),
        )

    def _expect(self) -> tuple[int, queue.SimpleQueue[Any]]:
        call_id = next(self._ids)
        answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._asked[call_id] = answer
        return call_id, answer


def _handlers(host: FakeHost) -> Any:
    table = {}
    for method in SERVICE.methods:
        streaming = method.name == "Attach"
        make = grpc.stream_stream_rpc_method_handler if streaming else grpc.unary_unary_rpc_method_handler
        behaviour: Callable[..., Any] = host.attach if streaming else host.behaviour(method.name)
        table[method.name] = make(
            behaviour,
            request_deserializer=message_class(method.input_type).FromString,
            response_serializer=message_class(method.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(SERVICE.full_name, table)
