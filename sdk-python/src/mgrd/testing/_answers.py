"""The responses of the fake host to unary calls, from plain dicts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Optional

from .._exceptions import HostError, NotFound
from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from .._status import Status

Handler = Callable[[Any], Any]


class Answers:
    """The state of a fake host. Calls that it does not know fail with UNIMPLEMENTED. To answer a call differently, put a
    function into `handlers[name]` that takes the request, and returns the response or raises HostError."""

    def __init__(self) -> None:
        self.revision = 0
        self.documents: dict[str, tuple[int, bytes]] = {}
        self.options: dict[str, types_pb2.Entry] = {}
        self.store: dict[str, types_pb2.Entry] = {}
        self.ceph_options: dict[str, Any] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        self.health_checks: dict[str, types_pb2.HealthCheck] = {}
        self.cluster_log: list[types_pb2.ClusterLogEntry] = []
        self.progress: dict[str, float] = {}
        self.uri = ""
        self.calls: list[tuple[str, Any]] = []
        """Every call, in order: (name, request)."""
        self.watched: set[str] = set()
        self.handlers: dict[str, Handler] = {}

    def put_document(self, name: str, value: Any) -> int:
        """Sets a document; returns its version."""
        version = self.documents.get(name, (0, b""))[0] + 1
        self.documents[name] = (version, json.dumps(value).encode())
        return version

    def put_option(self, key: str, value: Optional[str]) -> types_pb2.Entry:
        """Sets or removes an option; returns its entry."""
        return self._put(self.options, key, value)

    def put_store(self, key: str, value: Optional[str]) -> types_pb2.Entry:
        """Sets or removes a key of the store; returns its entry."""
        return self._put(self.store, key, value)

    def watch(self, names: list[str]) -> None:
        """Adds documents of which new versions are announced."""
        self.watched.update(names)

    def answer(self, name: str, request: Any) -> Any:
        """The response to a call. Raises HostError."""
        self.calls.append((name, request))
        handler = self.handlers.get(name) or getattr(self, f"_{name}", None)
        if handler is None:
            text = f"the fake host does not answer {name}; set handlers['{name}']"
            raise HostError(text, status=Status.UNIMPLEMENTED)
        return handler(request)

    def _put(self, where: dict[str, types_pb2.Entry], key: str, value: Optional[str]) -> types_pb2.Entry:
        self.revision += 1
        entry = types_pb2.Entry(key=key, value=value, revision=self.revision)
        if value is None:
            where.pop(key, None)
        else:
            where[key] = entry
        return entry

    def _GetDocument(self, request: pb.GetDocumentRequest) -> pb.GetDocumentResponse:
        version, body = self.documents.get(request.name, (0, None))
        unchanged = body is None or version == request.known_version
        return pb.GetDocumentResponse(version=version, json=None if unchanged else body)

    def _SetModuleOption(self, request: pb.SetModuleOptionRequest) -> pb.SetModuleOptionResponse:
        key = f"x/{request.key}" if request.localized else request.key
        return pb.SetModuleOptionResponse(
            entry=self.put_option(key, request.value if request.HasField("value") else None)
        )

    def _GetModuleOption(self, request: pb.GetModuleOptionRequest) -> pb.GetModuleOptionResponse:
        return pb.GetModuleOptionResponse()

    def _SetStore(self, request: pb.SetStoreRequest) -> pb.SetStoreResponse:
        return pb.SetStoreResponse(
            revision=self.put_store(request.key, request.value if request.HasField("value") else None).revision
        )

    def _GetCephOption(self, request: pb.GetCephOptionRequest) -> pb.GetCephOptionResponse:
        if request.key not in self.ceph_options:
            raise NotFound(f"option not found: {request.key}")
        return pb.GetCephOptionResponse(value=json.dumps(self.ceph_options[request.key]).encode())

    def _GetMetadata(self, request: pb.GetMetadataRequest) -> pb.GetMetadataResponse:
        found = self.metadata.get(f"{request.daemon.type}.{request.daemon.id}")
        return pb.GetMetadataResponse(found=found is not None, metadata=found)

    def _SetHealthChecks(self, request: pb.SetHealthChecksRequest) -> pb.SetHealthChecksResponse:
        self.health_checks = {check.code: check for check in request.checks}
        return pb.SetHealthChecksResponse()

    def _SetUri(self, request: pb.SetUriRequest) -> pb.SetUriResponse:
        self.uri = request.uri
        return pb.SetUriResponse()

    def _ClusterLog(self, request: pb.ClusterLogRequest) -> pb.ClusterLogResponse:
        self.cluster_log.append(request.entry)
        return pb.ClusterLogResponse()

    def _UpdateProgress(self, request: pb.UpdateProgressRequest) -> pb.UpdateProgressResponse:
        self.progress[request.id] = request.progress
        return pb.UpdateProgressResponse()

    def _CompleteProgress(self, request: pb.CompleteProgressRequest) -> pb.CompleteProgressResponse:
        if request.id:
            self.progress.pop(request.id, None)
        else:
            self.progress.clear()
        return pb.CompleteProgressResponse()

    def _CallModule(self, request: pb.CallModuleRequest) -> pb.CallModuleResponse:
        raise NotFound(f"Module not found: '{request.module}' is not enabled")

    def _SendCommand(self, request: pb.SendCommandRequest) -> pb.SendCommandResponse:
        return pb.SendCommandResponse(outcome=types_pb2.CommandOutcome(retval=-22, stderr="command not known"))
