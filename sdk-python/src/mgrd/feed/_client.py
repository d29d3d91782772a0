"""The connection of a feed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._exceptions import HostError, Refused
from .._health import checks_request
from .._proto import feed_pb2 as pb
from .._proto import types_pb2
from .._transports._base import Transport
from .._transports._grpc import GrpcTransport
from ._counter import Counter

SERVICE = pb.DESCRIPTOR.services_by_name["FeedService"]

Daemon = tuple[str, str]
"""Service type and id, such as ("disk", "sda")."""


class Feed:
    """Sends the state of a cluster to mgrd. Use it as a context manager. Each method returns at once, and raises `Refused`
    if mgrd has refused something that was sent earlier. `flush` waits until mgrd has taken everything."""

    def __init__(
        self,
        name: str,
        socket: str,
        *,
        cluster_version: str = "",
        stale_after: float = 0,
        transport: Optional[Transport] = None,
    ) -> None:
        """`transport` replaces the connection to `socket`."""
        self._transport = transport or GrpcTransport(socket, None, SERVICE)
        self._hello = pb.FeedHello(
            name=name, protocol_versions=[1], cluster_version=cluster_version, stale_after_ms=int(stale_after * 1000)
        )
        self._state = threading.Condition()
        self._sent = 0
        self._taken = 0
        self._problem = ""
        self._ended = False

    def __enter__(self) -> Feed:
        self._stream = self._transport.stream("Publish")
        self._stream.send(pb.PublishRequest(hello=self._hello))
        responses = iter(self._stream)
        try:
            next(responses)
        except HostError as error:
            raise Refused(f"mgrd refused the feed '{self._hello.name}': {error}") from None
        self._reader = threading.Thread(target=self._read, args=(responses,), name="feed", daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.finish()
        self._reader.join(2)
        self._transport.close()

    def put_daemon(
        self, kind: str, ident: str, *, hostname: Optional[str] = None, metadata: Optional[Mapping[str, str]] = None,
        status: Optional[Mapping[str, str]] = None, schema: Optional[Sequence[Counter]] = None,
    ) -> None:  # fmt: skip
        """Adds a daemon, or changes its facts. What is left out does not change."""
        message = pb.PutDaemon(daemon=types_pb2.DaemonKey(type=kind, id=ident), hostname=hostname)
        if metadata is not None:
            message.metadata.CopyFrom(pb.StringMap(entries=metadata))
        if status is not None:
            message.status.CopyFrom(pb.StringMap(entries=status))
        if schema is not None:
            message.schema.CopyFrom(pb.CounterSchemas(counters=[counter.message() for counter in schema]))
        self._send(put_daemon=message)

    def remove_daemon(self, kind: str, ident: str) -> None:
        """Removes a daemon."""
        self._send(remove_daemon=pb.RemoveDaemon(daemon=types_pb2.DaemonKey(type=kind, id=ident)))

    def put_counters(self, values: Mapping[Daemon, Sequence[int]]) -> None:
        """Sets the values of many daemons, each in the order of its schema."""
        daemons = [
            pb.DaemonCounters(daemon=types_pb2.DaemonKey(type=kind, id=ident), values=row)
            for (kind, ident), row in values.items()
        ]
        self._send(put_counters=pb.PutCounters(daemons=daemons))

    def put_health_checks(self, checks: Mapping[str, Any]) -> None:
        """Replaces all checks of this feed: {code: {severity: "warning" or "error", summary, count, detail: [line]}}."""
        request = checks_request(dict(checks))
        assert request is not None
        self._send(put_health_checks=pb.PutHealthChecks(checks=request.checks))

    def put_document(self, name: str, value: Any) -> None:
        """Sets a document."""
        self._send(put_document=pb.PutDocument(name=name, json=json.dumps(value).encode()))

    def remove_document(self, name: str) -> None:
        """Removes a document."""
        self._send(remove_document=pb.RemoveDocument(name=name))

    def notify(self, kind: str, ident: Any = "") -> None:
        """Notifies the modules of a change. Send the change itself before."""
        self._send(notification=pb.FeedNotification(type=kind, id=json.dumps(ident).encode()))

    def log(self, message: str, priority: int = types_pb2.LOG_PRIORITY_INFO) -> None:
        """Adds a line to the cluster log."""
        self._send(cluster_log=types_pb2.ClusterLogEntry(message=message, priority=priority))  # type: ignore[arg-type]

    def complete_snapshot(self) -> None:
        """Ends the snapshot with which a connection begins: mgrd removes the documents, daemons and health checks that an
        earlier connection of this feed sent and this one has not sent again."""
        self._send(snapshot_complete=pb.SnapshotComplete())

    def heartbeat(self) -> None:
        """Shows mgrd that this feed is alive, if there is nothing new."""
        self._send(heartbeat=pb.Heartbeat())

    def flush(self, timeout: float = 10) -> None:
        """Waits until mgrd has taken everything."""
        with self._state:
            if not self._state.wait_for(lambda: self._ended or self._problem or self._taken >= self._sent, timeout):
                raise Refused(f"mgrd has not taken everything within {timeout} s")
            self._raise()

    def _send(self, **message: Any) -> None:
        with self._state:
            self._raise()
            self._sent += 1
            self._stream.send(pb.PublishRequest(seq=self._sent, **message))

    def _raise(self) -> None:
        problem, self._problem = self._problem, ""
        if problem or self._ended:
            raise Refused(problem or "mgrd ended the connection")

    def _read(self, responses: Iterator[pb.PublishResponse]) -> None:
        reason = ""
        try:
            for response in responses:
                with self._state:
                    if response.WhichOneof("message") == "ack":
                        self._taken = response.ack.seq
                    elif response.WhichOneof("message") == "refused":
                        self._problem = response.refused.reason
                    self._state.notify_all()
        except HostError as error:
            reason = f"mgrd ended the connection: {error}"
        with self._state:
            self._ended = True
            self._problem = self._problem or reason
            self._state.notify_all()
