"""The life of a module process: hello, ready, work, the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from json import loads
from logging import getLogger
from os import _exit
from sys import stderr
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, NoReturn, Optional

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from .._text import sendable
from ..session import Session
from ._invoke import run_command, run_remote, within
from ._load import Loaded
from ._tracebacks import shown
from ._worker import Worker

CANNOT_RUN = 77
PROTOCOL_MISMATCH = 78
PATIENCE = 0.8
"""The part of the grace that the module itself has to end."""
_METHODS = {"end": "shutdown", "serve": "serve"}
CALL_THREADS = 64
"""Remote calls that run at once; more wait."""
_leaving = Lock()


class Life:
    """Runs one module on one session. The thread that calls `run` reads the stream; it never runs code of the module."""

    def __init__(self, session: Session, loaded: Loaded) -> None:
        self._session = session
        self._loaded = loaded
        self._instance: Any = None
        self._serve = Thread(target=self._run_serve, name="serve", daemon=True)
        self._started = Event()
        self._cancelled: set[int] = set()
        self._waiting: set[int] = set()
        self._calls = Worker("remote", CALL_THREADS)
        self._notifications = Worker("notify")

    def run(self, stream: Iterator[pb.AttachResponse]) -> NoReturn:
        """Lives until the host ends the session."""
        if self._session.welcome.purpose == pb.PURPOSE_DESCRIBE:
            self._outlast(stream)
        standby = self._session.welcome.role == types_pb2.ROLE_STANDBY
        cls = self._loaded.standby if standby else self._loaded.active
        if cls is None:
            leave(CANNOT_RUN, self._session)
        # Built on a thread of its own: what it asks of the host is answered while this one reads the stream.
        Thread(target=self._start, args=(cls, standby), name="start", daemon=True).start()
        for response in stream:
            self._dispatch(response)
        leave(0)

    def _outlast(self, stream: Iterator[pb.AttachResponse]) -> NoReturn:
        for response in stream:
            if response.WhichOneof("message") == "shutdown":
                break
        leave(0, self._session)

    def _start(self, cls: type[Any], standby: bool) -> None:
        session = self._session
        try:
            self._instance = cls(session.module, session) if standby else cls(session.module, None, session)
        except BaseException as error:
            stderr.write(shown(error))
            leave(1, session)
        self._commands = Worker("commands", getattr(cls, "COMMAND_THREADS", 1))
        session.outbox.put(pb.AttachRequest(ready=pb.Ready()))
        self._serve.start()
        self._started.set()

    def _run_serve(self) -> None:
        try:
            self._instance.serve()
        except BaseException as error:
            message = sendable(f"{type(error).__name__}: {error}".splitlines()[0])
            self._session.outbox.put(pb.AttachRequest(failed=pb.Failed(message=message, traceback=shown(error))))

    def _dispatch(self, response: pb.AttachResponse) -> None:
        kind = response.WhichOneof("message")
        if kind == "ping":
            self._pong(response.ping)
        elif kind == "command":
            self._waiting.add(response.command.call_id)
            self._queue(partial(self._command, response.command))
        elif kind == "cancel_command":
            self._cancelled.update(self._waiting & {response.cancel_command.call_id})
        elif kind == "remote_call":
            self._calls.put(partial(self._remote, response.remote_call))
        elif kind == "notification":
            self._notifications.put(partial(self._notify, response.notification))
        elif kind == "shutdown":
            Thread(target=self._end, args=(response.shutdown.grace_ms / 1000,), name="shutdown", daemon=True).start()
        elif self._session.take(response) in ("options_changed", "constants_changed"):
            self._notifications.put(self._config_notify)

    def _queue(self, command: Callable[[], None]) -> None:
        if self._session.nesting.waits():
            # The one thread of commands may be waiting for this very command.
            Thread(target=command, name="nested command", daemon=True).start()
        else:
            self._commands.put(command)

    def _pong(self, ping: pb.Ping) -> None:
        busy_ms, what = self._session.busy.oldest()
        self._session.outbox.put(pb.AttachRequest(pong=pb.Pong(seq=ping.seq, busy_ms=busy_ms, busy_with=what)))

    def _command(self, command: pb.Command) -> None:
        call_id = command.call_id
        self._waiting.discard(call_id)
        if call_id in self._cancelled:
            self._cancelled.discard(call_id)
            outcome = types_pb2.CommandOutcome(retval=-125, stderr="cancelled before it started")
        else:
            with self._session.busy.with_(f"command '{command.prefix}'"), self._session.nesting.handling():
                outcome = run_command(self._instance, command)
            outcome = within(outcome, self._session.welcome.limits.max_message_bytes)
        result = pb.CommandResult(call_id=call_id, outcome=outcome)
        self._session.outbox.put(pb.AttachRequest(command_result=result))

    def _remote(self, call: pb.RemoteCall) -> None:
        result = run_remote(self._session, self._instance, call)
        self._session.outbox.put(pb.AttachRequest(remote_result=result))

    def _notify(self, notification: pb.Notification) -> None:
        if self._instance is None or not hasattr(self._instance, "notify"):
            return
        with self._session.busy.with_(f"notify '{notification.type}'"):
            self._instance.notify(notification.type, loads(notification.id) if notification.id else "")

    def _config_notify(self) -> None:
        if self._instance is not None and hasattr(self._instance, "_config_notify"):
            with self._session.busy.with_("config_notify"):
                self._instance._config_notify()

    def _end(self, grace: float) -> None:
        """Ends the process within the grace, whatever the module does; some of it is kept for the farewell."""
        deadline = monotonic() + grace * PATIENCE

        def left() -> float:
            return max(0.0, deadline - monotonic())

        ending = Thread(target=self._shutdown, name="end", daemon=True)
        if self._started.wait(left()):
            ending.start()
            ending.join(left())
            self._serve.join(left())
        late = [thread.name for thread in (ending, self._serve) if thread.is_alive()]
        if late:
            named = " and ".join(f"{_METHODS[name]}()" for name in late)
            getLogger().error("%s did not return within %.3g s of the request to end", named, grace * PATIENCE)
        leave(0, self._session)

    def _shutdown(self) -> None:
        if self._instance is None or not hasattr(self._instance, "shutdown"):
            return
        try:
            self._instance.shutdown()
        except Exception:
            getLogger().exception("shutdown raised")


def leave(status: int, session: Optional[Session] = None) -> NoReturn:
    """Ends the process now, whatever its threads do; with a session, after what it still has to say. The first thread to
    get here decides: the end of the session, which a farewell brings about, must not overtake it."""
    if not _leaving.acquire(blocking=False):
        Event().wait()
    if session is not None:
        session.say_goodbye()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):  # the module may have put anything there
            stream.flush()
    _exit(status)
