"""The session: one stream on which everything is ordered, and calls beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from logging import Handler, getLogger
from threading import Event, RLock, local
from typing import Any, Optional

from .._proto import module_host_pb2 as pb
from .._values import OptionValue, typed
from ._busy import Busy
from ._counters import Counters
from ._documents import Documents
from ._latest import LatestCounters
from ._logs import SessionLogHandler
from ._mirror import Mirror
from ._nesting import Nesting
from ._outbox import Outbox
from ._wire import Wire

SERVICE = pb.DESCRIPTOR.services_by_name["ModuleHostService"]
GOODBYE_SECONDS = 2.0
"""How long the host may take to end the session after this side did."""
_CHANGING = ("SetModuleOption", "SendCommand", "SetHealthChecks", "SetUri", "CallModule", "UpdateProgress")


class Session:
    """A module's live connection. Safe to use from any thread."""

    def __init__(self, socket: str, secret: Optional[str]) -> None:
        self.wire = Wire(socket, secret, SERVICE)
        self.outbox = Outbox()
        self.busy = Busy()
        self.options = Mirror()
        self.store = Mirror()
        self.documents = Documents(self.wire.call, self._watch)
        self.counters = Counters(self.wire.call)
        self.latest = LatestCounters(self.wire.call)
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
        self._ended = Event()

    @property
    def module(self) -> str:
        """The module's name."""
        return self.welcome.module

    def attach(self, hello: pb.Hello) -> Iterator[pb.AttachResponse]:
        """Says hello and takes in the welcome; returns what comes after it."""
        # The hello comes first, whatever the module logged while it was imported.
        stream = self.wire.stream("Attach", chain([pb.AttachRequest(hello=hello)], self.outbox))
        self._take_welcome(next(stream).welcome)
        # The stream ends when the host has taken in everything and ends it, too.
        stream.add_callback(self._ended.set)  # type: ignore[attr-defined]
        return stream

    def call(self, name: str, request: Any, timeout: Optional[float] = None) -> Any:
        """Makes a unary call; see `Wire.call`."""
        response = self.wire.call(name, request, timeout)
        if name in _CHANGING:
            self.documents.distrust()
            self.latest.changed()
        return response

    def say_goodbye(self) -> None:
        """Ends the session from this side, after everything was sent that waits."""
        self.outbox.close()
        self._ended.wait(GOODBYE_SECONDS)

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
