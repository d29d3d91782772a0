"""A host without a cluster and without a disk. It keeps everything in dicts that a test can set and read."""

from __future__ import annotations

import itertools
import json
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from ._answers import Answers


class FakeHost(Answers):
    """The host of one module. A `MockTransport` or a `Server` connects the module with it."""

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
        """All messages from the module, except results that a method here waits for."""
        self._to_module: queue.SimpleQueue[Optional[pb.AttachResponse]] = queue.SimpleQueue()
        self._ids = itertools.count(1)
        self._asked: dict[int, queue.SimpleQueue[Any]] = {}
        self._announcing = threading.Lock()
        """Held while the version of a document changes or is announced, so that versions are announced in their order."""
        self.ready = threading.Event()

    def end(self) -> None:
        """Ends the session from the host's side."""
        self._to_module.put(None)

    def send(self, **message: Any) -> None:
        """Sends a message on the session: `send(ping=pb.Ping(seq=1))`."""
        self._to_module.put(pb.AttachResponse(**message))

    def command(
        self, prefix: str, timeout: float = 10, inbuf: Optional[bytes] = None, **args: Any
    ) -> types_pb2.CommandOutcome:
        """Sends a command to the module and waits for its outcome."""
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
        """Calls a method of the module, as another module does."""
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
        """Notifies the module of a change."""
        self.send(notification=pb.Notification(type=kind, id=json.dumps(ident).encode()))

    def set_document(self, name: str, value: Any) -> None:
        """Changes a document, and announces the new version as the real host does."""
        with self._announcing:
            self.put_document(name, value)
            if name in self.watched:
                self._announce([name])

    def set_option(self, key: str, value: Optional[str]) -> None:
        """Changes an option from outside."""
        entry = self.put_option(key, value)
        self.send(options_changed=pb.OptionsChanged(options=[entry]))

    def settle(self, timeout: float = 10) -> None:
        """Waits until each side has handled all messages that the other has sent so far."""
        seq, pong = self._expect()
        self.send(ping=pb.Ping(seq=seq))
        pong.get(timeout=timeout)

    def until(self, kind: str, timeout: float = 10) -> Any:
        """Waits for the next message of a kind, such as "log", and skips others."""
        while True:
            message = self.received.get(timeout=timeout)
            if message.WhichOneof("message") == kind:
                return getattr(message, kind)

    def serve(self, _method: str, requests: Iterator[pb.AttachRequest]) -> Iterator[pb.AttachResponse]:
        """The host's side of the session, the only method that is a stream."""
        self.hello = next(requests).hello
        yield pb.AttachResponse(welcome=self._welcome(self.hello))
        if self.purpose == pb.PURPOSE_RUN:
            yield from (pb.AttachResponse(snapshot=part) for part in self._parts())
        threading.Thread(target=self._read, args=(requests,), daemon=True).start()
        while True:
            message = self._to_module.get()
            if message is None:
                return
            yield message

    def _read(self, requests: Iterator[pb.AttachRequest]) -> None:
        for request in requests:
            self._take(request)
        self._to_module.put(None)

    def _take(self, request: pb.AttachRequest) -> None:
        kind = request.WhichOneof("message")
        part: Any = getattr(request, kind) if kind else None
        if kind in ("command_result", "remote_result"):
            self._asked.pop(part.call_id).put(part)
        elif kind == "pong" and part.seq in self._asked:
            self._asked.pop(part.seq).put(part)
        elif kind == "watch_documents":
            with self._announcing:
                self.watch(list(part.names))
                self._announce(part.names)
        else:
            if kind == "ready":
                self.ready.set()
            self.received.put(request)

    def _announce(self, names: Iterable[str]) -> None:
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
            limits=pb.Limits(max_message_bytes=64 << 20, call_timeout_ms=30_000, shutdown_grace_ms=5_000),
        )

    def _parts(self) -> Iterator[pb.Snapshot]:
        """As the real host does: first the options, then the store."""
        revision = self.revision
        yield pb.Snapshot(revision=revision, options=list(self.options.values()))
        yield pb.Snapshot(revision=revision, store=list(self.store.values()), last=True)

    def _expect(self) -> tuple[int, queue.SimpleQueue[Any]]:
        call_id = next(self._ids)
        answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._asked[call_id] = answer
        return call_id, answer
