"""The session: one stream that keeps everything in order, and unary calls."""

from __future__ import annotations

from collections.abc import Iterator
from logging import Handler
from os import register_at_fork
from threading import local
from typing import Any, Optional

from .._exceptions import ForkedProcess, HostError
from .._proto import module_host_pb2 as pb
from .._transports._base import Finish, Transport
from ._activity import Activity
from ._counters import Counters
from ._documents import Documents
from ._latest import LatestCounters
from ._logs import SessionLogHandler
from ._mirror import Mirror
from ._nesting import Nesting
from ._options import Options
from ._outbox import Outbox

SERVICE = pb.DESCRIPTOR.services_by_name["ModuleHostService"]
SNAPSHOT_PARTS = "snapshot-parts"
"""The feature by which options and store come in parts after the welcome."""
LONGEST_NAME = 4096
"""Characters of the name of a document that the host is asked to watch."""
FINISH_SECONDS = 2.0
"""How long the host may take to end the session after this side has ended it."""
_CHANGING = ("SetModuleOption", "SendCommand", "SetHealthChecks", "SetUri", "CallModule", "UpdateProgress")
"""Calls after which documents and counters may have changed."""


class Session:
    """A module's connection to `mgrd`. Safe to use from any thread."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._forked = False
        self.outbox = Outbox()
        self.log_handler: Handler = SessionLogHandler(self.outbox)
        self.activity = Activity()
        self.nesting = Nesting()
        self.options = Options()
        self.store = Mirror()
        self.documents = Documents(self._ask, self._watch)
        self.counters = Counters(self._ask)
        self.latest = LatestCounters(self._ask)
        self.welcome = pb.Welcome()
        self.constants = pb.Constants()
        self.mgr_id = ""
        self.rich_payloads = False
        """Whether remote calls may carry values that JSON cannot."""
        self.calling = local()
        """`chain`: the modules that wait for the remote call that this thread is handling."""
        register_at_fork(after_in_child=self._after_fork)

    @property
    def module(self) -> str:
        """The module's name."""
        return self.welcome.module

    # The stream.

    def attach(self, hello: pb.Hello) -> Iterator[pb.AttachResponse]:
        """Sends the hello and takes in the welcome, the options and the store; returns what follows. Raises HostError if the
        host refuses the module."""
        hello.features.append(SNAPSHOT_PARTS)
        stream = self._transport.stream("Attach")
        self.outbox.open(stream, hello)
        responses = iter(stream)
        first = next(responses, None)
        if first is None:
            raise HostError("mgrd ended the session before it sent a welcome")
        self._apply_welcome(first.welcome)
        if SNAPSHOT_PARTS in self.welcome.features and self.welcome.purpose == pb.PURPOSE_RUN:
            self._apply_snapshot(responses)
        return responses

    def apply(self, response: pb.AttachResponse) -> Optional[str]:
        """Applies a change of what this process mirrors; returns its kind, or None if the message is something else."""
        kind: Optional[str] = response.WhichOneof("message")
        if kind == "options_changed":
            self.options.apply(response.options_changed.options)
        elif kind == "store_changed":
            self.store.apply(response.store_changed.entries)
        elif kind == "snapshot":
            part = response.snapshot
            self.options.apply_part(part.revision, part.options, part.last)
            self.store.apply_part(part.revision, part.store, part.last)
        elif kind == "document_changed":
            self.documents.announced(response.document_changed.documents)
        elif kind == "counters_changed":
            self.latest.changed()
        elif kind == "constants_changed":
            self._apply_constants(response.constants_changed.constants)
        else:
            return None
        return kind

    def finish(self) -> None:
        """Ends the session from this side: sends what waits, then waits for the host to end it too."""
        self.outbox.close(FINISH_SECONDS)

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    # Unary calls.

    def call(self, method: str, request: Any, timeout: Optional[float] = None) -> Any:
        """Makes a unary call and waits for its response. Raises HostError."""
        response = self._ask(method, request, timeout)
        if method in _CHANGING:
            self.documents.check_again()
            self.latest.changed()
        return response

    def start(self, method: str, request: Any, finish: Finish) -> None:
        """Makes a unary call without waiting. `finish` gets the response or the error, on another thread."""
        self._refuse_after_fork()
        self._transport.start(method, request, finish)

    def _ask(self, method: str, request: Any, timeout: Optional[float] = None) -> Any:
        self._refuse_after_fork()
        return self._transport.call(method, request, timeout)

    def _watch(self, names: list[str]) -> None:
        # No document has a name of that length, and a message of any length would end the session.
        names = [name for name in names if len(name) <= LONGEST_NAME]
        self.outbox.put(pb.AttachRequest(watch_documents=pb.WatchDocuments(names=names)))

    def _apply_snapshot(self, responses: Iterator[pb.AttachResponse]) -> None:
        # Until the last part, only parts and changes come.
        for response in responses:
            self.apply(response)
            if response.snapshot.last:
                return
        raise HostError("mgrd ended the session before it sent the module's options and store")

    def _apply_welcome(self, welcome: pb.Welcome) -> None:
        self.welcome = welcome
        self._apply_constants(welcome.constants)
        self.options.apply(welcome.options)
        self.store.apply(welcome.store)

    def _apply_constants(self, constants: pb.Constants) -> None:
        self.constants = constants
        self.mgr_id = self.options.mgr_id = constants.mgr_id

    def _after_fork(self) -> None:
        self._forked = True

    def _refuse_after_fork(self) -> None:
        if self._forked:
            raise ForkedProcess(
                "this process was forked from a module and has no session of its own: ask mgrd in the module's own "
                "process, or start helpers with multiprocessing.get_context('spawn')"
            )
