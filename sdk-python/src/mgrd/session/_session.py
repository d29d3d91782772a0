"""The session: one stream on which everything is ordered, and calls beside it."""

from __future__ import annotations

from collections.abc import Iterator
from logging import Handler, getLogger
from os import register_at_fork
from threading import RLock, local
from typing import Any, Optional

from .._exceptions import ForkedProcess, HostError
from .._proto import module_host_pb2 as pb
from .._transports._base import Finish, Transport
from .._values import OptionValue, typed
from ._busy import Busy
from ._counters import Counters
from ._documents import Documents
from ._latest import LatestCounters
from ._logs import SessionLogHandler
from ._mirror import Mirror
from ._nesting import Nesting
from ._outbox import Outbox

SERVICE = pb.DESCRIPTOR.services_by_name["ModuleHostService"]
GOODBYE_SECONDS = 2.0
"""How long the host may take to end the session after this side did."""
_CHANGING = ("SetModuleOption", "SendCommand", "SetHealthChecks", "SetUri", "CallModule", "UpdateProgress")


class Session:
    """A module's live connection. Safe to use from any thread."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._forked = False
        self.outbox = Outbox()
        self.busy = Busy()
        self.options = Mirror()
        self.store = Mirror()
        self.documents = Documents(self._ask, self._watch)
        self.counters = Counters(self._ask)
        self.latest = LatestCounters(self._ask)
        self.log_handler: Handler = SessionLogHandler(self.outbox)
        self.option_types: dict[str, str] = {}
        self.option_values: dict[str, OptionValue] = {}
        """The options that have a value, typed; keys as in the mirror."""
        self._retyping = RLock()
        self.welcome = pb.Welcome()
        self.constants = pb.Constants()
        self.mgr_id = ""
        self.rich_payloads = False
        self.nesting = Nesting()
        self.calling = local()
        """`chain`: on whose behalf this thread makes remote calls."""
        register_at_fork(after_in_child=self._after_fork)

    @property
    def module(self) -> str:
        """The module's name."""
        return self.welcome.module

    def attach(self, hello: pb.Hello) -> Iterator[pb.AttachResponse]:
        """Says hello and takes in the welcome; returns what comes after it."""
        stream = self._transport.stream("Attach")
        self.outbox.open(stream, hello)
        responses = iter(stream)
        first = next(responses, None)
        if first is None:
            raise HostError("mgrd ended the session before it said welcome")
        self._take_welcome(first.welcome)
        return responses

    def call(self, name: str, request: Any, timeout: Optional[float] = None) -> Any:
        """Makes a unary call and waits for its response. Raises HostError."""
        response = self._ask(name, request, timeout)
        if name in _CHANGING:
            self.documents.distrust()
            self.latest.changed()
        return response

    def start(self, name: str, request: Any, finish: Finish) -> None:
        """Makes a unary call without waiting; `finish` takes the response or the error on another thread."""
        self._refuse_after_fork()
        self._transport.start(name, request, finish)

    def say_goodbye(self) -> None:
        """Ends the session from this side, after everything was sent that waits."""
        self.outbox.close(GOODBYE_SECONDS)

    def close(self) -> None:
        """Ends the connection."""
        self._transport.close()

    def take(self, response: pb.AttachResponse) -> Optional[str]:
        """Takes in a change of what this process keeps copies of; returns its kind, or None for anything else."""
        kind: Optional[str] = response.WhichOneof("message")
        if kind == "options_changed":
            self._retype(self.options.apply(response.options_changed.options))
        elif kind == "store_changed":
            self.store.apply(response.store_changed.entries)
        elif kind == "document_changed":
            self.documents.changed(response.document_changed.documents)
        elif kind == "counters_changed":
            self.latest.changed()
        elif kind == "constants_changed":
            self._take_constants(response.constants_changed.constants)
        else:
            return None
        return kind

    def wrote_option(self, entry: Any) -> None:
        """Takes over an own write that the host acknowledged."""
        self._retype(self.options.apply([entry]))

    def declare_options(self, types: dict[str, str]) -> None:
        """Says which type each option has; values are converted to it."""
        self.option_types = types
        self._retype(list(self.options.values))

    def _ask(self, name: str, request: Any, timeout: Optional[float] = None) -> Any:
        self._refuse_after_fork()
        return self._transport.call(name, request, timeout)

    def _after_fork(self) -> None:
        self._forked = True

    def _refuse_after_fork(self) -> None:
        if self._forked:
            raise ForkedProcess(
                "this process was forked from a module and has no session of its own: ask mgrd in the module's own "
                "process, or start helpers with multiprocessing.get_context('spawn')"
            )

    def _take_welcome(self, welcome: pb.Welcome) -> None:
        self.welcome = welcome
        self._take_constants(welcome.constants)
        self.options.apply(welcome.options)
        self.store.apply(welcome.store)
        self._retype(list(self.options.values))

    def _take_constants(self, constants: pb.Constants) -> None:
        self.constants = constants
        self.mgr_id = constants.mgr_id

    def _retype(self, keys: list[str]) -> None:
        # One thread at a time, so that none puts an older value in the place of a newer one.
        with self._retyping:
            for key in keys:
                self._retype_one(key, self.options.values.get(key))

    def _retype_one(self, key: str, text: Optional[str]) -> None:
        if text is None:
            self.option_values.pop(key, None)
            return
        name = key[len(self.mgr_id) + 1 :] if key.startswith(f"{self.mgr_id}/") else key
        try:
            self.option_values[key] = typed(self.option_types.get(name, "str"), text)
        except ValueError:
            self.option_values.pop(key, None)
            getLogger("mgrd").error("option '%s' has the value %r, which is no %s", key, text, self.option_types[name])

    def _watch(self, names: list[str]) -> None:
        self.outbox.put(pb.AttachRequest(watch_documents=pb.WatchDocuments(names=names)))
