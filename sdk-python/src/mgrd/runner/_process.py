"""A module process at work: it constructs the module, passes messages on to it, and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from errno import EAGAIN, ECANCELED
from functools import partial
from json import loads
from logging import getLogger
from sys import stderr
from threading import Event, Thread
from time import monotonic
from typing import Any, NoReturn, Optional

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from .._text import bounded, sendable
from ..session import Session, handling
from ._exit import CANNOT_RUN, exit_process
from ._invoke import limited, limited_remote, refused, run_command, run_remote
from ._load import Loaded
from ._notifications import Notifications
from ._tracebacks import format_error
from ._worker import Worker

MODULE_SHARE = 0.8
"""The part of the grace period that the module itself may use. The rest is for sending what waits."""
REMOTE_CALL_THREADS = 64
"""Remote calls that run at the same time. More of them wait."""


class ModuleProcess:
    """Runs one module on one session. The thread that calls `run` reads the stream; it never runs code of the module."""

    def __init__(self, session: Session, loaded: Loaded) -> None:
        self._session = session
        self._loaded = loaded
        self._instance: Any = None
        self._constructed = Event()
        self._commands: Optional[Worker] = None
        self._serve = Thread(target=self._run_serve, name="serve", daemon=True)
        self._queued_commands: set[int] = set()
        self._cancelled_commands: set[int] = set()
        self._remote_calls = Worker("remote", REMOTE_CALL_THREADS)
        self._notifications = Notifications()

    def run(self, responses: Iterator[pb.AttachResponse]) -> NoReturn:
        """Works until the host ends the session."""
        if self._session.welcome.purpose == pb.PURPOSE_DESCRIBE:
            self._await_shutdown(responses)
        standby = self._session.welcome.role == types_pb2.ROLE_STANDBY
        cls = self._loaded.standby if standby else self._loaded.active
        if cls is None:
            exit_process(CANNOT_RUN, self._session)
        # On another thread, because `__init__` may make calls that this thread reads the results of.
        Thread(target=self._construct, args=(cls, standby), name="start", daemon=True).start()
        for response in responses:
            self._dispatch(response)
        exit_process(0)

    def _await_shutdown(self, responses: Iterator[pb.AttachResponse]) -> NoReturn:
        for response in responses:
            if response.WhichOneof("message") == "shutdown":
                break
        exit_process(0, self._session)

    def _construct(self, cls: type[Any], standby: bool) -> None:
        session = self._session
        try:
            self._instance = cls(session.module, session) if standby else cls(session.module, None, session)
        except BaseException as error:
            stderr.write(format_error(error))
            exit_process(1, session)
        self._commands = Worker("commands", getattr(cls, "COMMAND_THREADS", 1))
        session.outbox.put(pb.AttachRequest(ready=pb.Ready()))
        self._serve.start()
        self._constructed.set()

    def _run_serve(self) -> None:
        try:
            self._instance.serve()
        except BaseException as error:
            message = sendable(bounded(f"{type(error).__name__}: {error}").splitlines()[0])
            self._session.outbox.put(pb.AttachRequest(failed=pb.Failed(message=message, traceback=format_error(error))))

    # Messages from the host.

    def _dispatch(self, response: pb.AttachResponse) -> None:
        kind = response.WhichOneof("message")
        if kind == "ping":
            self._pong(response.ping)
        elif kind in ("command", "remote_call") and self._commands is None:
            self._refuse(response)
        elif kind == "command":
            self._queued_commands.add(response.command.call_id)
            self._queue_command(partial(self._command, response.command))
        elif kind == "cancel_command":
            self._cancelled_commands.update(self._queued_commands & {response.cancel_command.call_id})
        elif kind == "remote_call":
            self._remote_calls.put(partial(self._remote, response.remote_call))
        elif kind == "notification":
            self._queue_notification(response.notification)
        elif kind == "shutdown":
            seconds = response.shutdown.grace_ms / 1000
            Thread(target=self._shut_down, args=(seconds,), name="shutdown", daemon=True).start()
        elif self._session.apply(response) in ("options_changed", "snapshot", "constants_changed"):
            self._notifications.put(self._config_notify, same="config_notify")

    def _refuse(self, response: pb.AttachResponse) -> None:
        """Answers what the host asks before the module is constructed."""
        text = "the module is starting; try again"
        if response.WhichOneof("message") == "command":
            outcome = types_pb2.CommandOutcome(retval=-EAGAIN, stderr=text)
            result = pb.CommandResult(call_id=response.command.call_id, outcome=outcome)
            self._session.outbox.put(pb.AttachRequest(command_result=result))
        else:
            self._session.outbox.put(pb.AttachRequest(remote_result=refused(response.remote_call, text)))

    def _pong(self, ping: pb.Ping) -> None:
        busy_ms, what = self._session.activity.oldest()
        self._session.outbox.put(pb.AttachRequest(pong=pb.Pong(seq=ping.seq, busy_ms=busy_ms, busy_with=what)))

    def _queue_notification(self, notification: pb.Notification) -> None:
        # Entries of the cluster log are objects, and each is another.
        is_same_as_others = not notification.id.startswith(b"{")
        same = (notification.type, notification.id) if is_same_as_others else None
        size = len(notification.type) + len(notification.id)
        self._notifications.put(partial(self._notify, notification), same, size)

    def _queue_command(self, command: Callable[[], None]) -> None:
        if self._session.nesting.waits():
            # The only thread for commands may be waiting for this command.
            Thread(target=command, name="nested command", daemon=True).start()
        else:
            assert self._commands is not None
            self._commands.put(command)

    def _command(self, command: pb.Command) -> None:
        call_id = command.call_id
        self._queued_commands.discard(call_id)
        if call_id in self._cancelled_commands:
            self._cancelled_commands.discard(call_id)
            outcome = types_pb2.CommandOutcome(retval=-ECANCELED, stderr="cancelled before it started")
        else:
            doing = self._session.activity.doing(f"command '{command.prefix}'")
            with doing, self._session.nesting.handling(), handling(call_id):
                outcome = run_command(self._instance, command)
            outcome = limited(outcome, self._session.welcome.limits.max_message_bytes)
        result = pb.CommandResult(call_id=call_id, outcome=outcome)
        self._session.outbox.put(pb.AttachRequest(command_result=result))

    def _remote(self, call: pb.RemoteCall) -> None:
        with self._session.activity.doing(f"remote call '{call.method}'"):
            result = run_remote(self._session, self._instance, call)
        result = limited_remote(call, result, self._session.welcome.limits.max_message_bytes)
        self._session.outbox.put(pb.AttachRequest(remote_result=result))

    def _notify(self, notification: pb.Notification) -> None:
        if hasattr(self._instance, "notify"):
            with self._session.activity.doing(f"notify '{notification.type}'"):
                self._instance.notify(notification.type, loads(notification.id) if notification.id else "")

    def _config_notify(self) -> None:
        if hasattr(self._instance, "_config_notify"):
            with self._session.activity.doing("config_notify"):
                self._instance._config_notify()

    # The end.

    def _shut_down(self, grace: float) -> None:
        """Ends the process within the grace period, even if the module does not end."""
        seconds = grace * MODULE_SHARE
        deadline = monotonic() + seconds

        def left() -> float:
            return max(0.0, deadline - monotonic())

        shutdown = Thread(target=self._call_shutdown, name="end", daemon=True)
        if self._constructed.wait(left()):
            shutdown.start()
            shutdown.join(left())
            self._serve.join(left())
        threads = {"shutdown()": shutdown, "serve()": self._serve}
        late = " and ".join(name for name, thread in threads.items() if thread.is_alive())
        if late:
            getLogger().error("%s did not return within %.3g s of the request to end", late, seconds)
        exit_process(0, self._session)

    def _call_shutdown(self) -> None:
        try:
            if hasattr(self._instance, "shutdown"):
                self._instance.shutdown()
        except Exception:
            getLogger().exception("shutdown raised an exception")
