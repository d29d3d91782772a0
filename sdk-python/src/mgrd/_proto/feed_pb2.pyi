from mgrd._proto import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Ack(_message.Message):
    __slots__ = ["seq"]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    seq: int
    def __init__(self, seq: _Optional[int] = ...) -> None: ...

class ClusterCommand(_message.Message):
    __slots__ = ["call_id", "command", "input", "target_id", "target_type", "timeout_ms"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_TYPE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    command: bytes
    input: bytes
    target_id: str
    target_type: str
    timeout_ms: int
    def __init__(self, call_id: _Optional[int] = ..., target_type: _Optional[str] = ..., target_id: _Optional[str] = ..., command: _Optional[bytes] = ..., input: _Optional[bytes] = ..., timeout_ms: _Optional[int] = ...) -> None: ...

class ClusterCommandResult(_message.Message):
    __slots__ = ["call_id", "outcome"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    outcome: _types_pb2.CommandOutcome
    def __init__(self, call_id: _Optional[int] = ..., outcome: _Optional[_Union[_types_pb2.CommandOutcome, _Mapping]] = ...) -> None: ...

class CounterSchemas(_message.Message):
    __slots__ = ["counters"]
    COUNTERS_FIELD_NUMBER: _ClassVar[int]
    counters: _containers.RepeatedCompositeFieldContainer[_types_pb2.CounterSchema]
    def __init__(self, counters: _Optional[_Iterable[_Union[_types_pb2.CounterSchema, _Mapping]]] = ...) -> None: ...

class DaemonCounters(_message.Message):
    __slots__ = ["counts", "daemon", "values"]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedScalarFieldContainer[int]
    daemon: _types_pb2.DaemonKey
    values: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ..., values: _Optional[_Iterable[int]] = ..., counts: _Optional[_Iterable[int]] = ...) -> None: ...

class FeedHello(_message.Message):
    __slots__ = ["cluster_version", "features", "name", "protocol_versions", "release_name", "stale_after_ms"]
    CLUSTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NAME_FIELD_NUMBER: _ClassVar[int]
    STALE_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    cluster_version: str
    features: _containers.RepeatedScalarFieldContainer[str]
    name: str
    protocol_versions: _containers.RepeatedScalarFieldContainer[int]
    release_name: str
    stale_after_ms: int
    def __init__(self, name: _Optional[str] = ..., protocol_versions: _Optional[_Iterable[int]] = ..., features: _Optional[_Iterable[str]] = ..., cluster_version: _Optional[str] = ..., release_name: _Optional[str] = ..., stale_after_ms: _Optional[int] = ...) -> None: ...

class FeedNotification(_message.Message):
    __slots__ = ["id", "type"]
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: bytes
    type: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[bytes] = ...) -> None: ...

class FeedWelcome(_message.Message):
    __slots__ = ["max_message_bytes", "protocol_version"]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    max_message_bytes: int
    protocol_version: int
    def __init__(self, protocol_version: _Optional[int] = ..., max_message_bytes: _Optional[int] = ...) -> None: ...

class HealthMetric(_message.Message):
    __slots__ = ["type", "value"]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    type: str
    value: int
    def __init__(self, type: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...

class HealthMetrics(_message.Message):
    __slots__ = ["metrics"]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedCompositeFieldContainer[HealthMetric]
    def __init__(self, metrics: _Optional[_Iterable[_Union[HealthMetric, _Mapping]]] = ...) -> None: ...

class Heartbeat(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class PublishRequest(_message.Message):
    __slots__ = ["cluster_log", "command_result", "heartbeat", "hello", "notification", "put_counters", "put_daemon", "put_document", "put_health_checks", "remove_daemon", "remove_document", "seq", "snapshot_complete"]
    CLUSTER_LOG_FIELD_NUMBER: _ClassVar[int]
    COMMAND_RESULT_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    NOTIFICATION_FIELD_NUMBER: _ClassVar[int]
    PUT_COUNTERS_FIELD_NUMBER: _ClassVar[int]
    PUT_DAEMON_FIELD_NUMBER: _ClassVar[int]
    PUT_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PUT_HEALTH_CHECKS_FIELD_NUMBER: _ClassVar[int]
    REMOVE_DAEMON_FIELD_NUMBER: _ClassVar[int]
    REMOVE_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    cluster_log: _types_pb2.ClusterLogEntry
    command_result: ClusterCommandResult
    heartbeat: Heartbeat
    hello: FeedHello
    notification: FeedNotification
    put_counters: PutCounters
    put_daemon: PutDaemon
    put_document: PutDocument
    put_health_checks: PutHealthChecks
    remove_daemon: RemoveDaemon
    remove_document: RemoveDocument
    seq: int
    snapshot_complete: SnapshotComplete
    def __init__(self, seq: _Optional[int] = ..., hello: _Optional[_Union[FeedHello, _Mapping]] = ..., put_document: _Optional[_Union[PutDocument, _Mapping]] = ..., remove_document: _Optional[_Union[RemoveDocument, _Mapping]] = ..., put_daemon: _Optional[_Union[PutDaemon, _Mapping]] = ..., remove_daemon: _Optional[_Union[RemoveDaemon, _Mapping]] = ..., put_counters: _Optional[_Union[PutCounters, _Mapping]] = ..., put_health_checks: _Optional[_Union[PutHealthChecks, _Mapping]] = ..., cluster_log: _Optional[_Union[_types_pb2.ClusterLogEntry, _Mapping]] = ..., notification: _Optional[_Union[FeedNotification, _Mapping]] = ..., command_result: _Optional[_Union[ClusterCommandResult, _Mapping]] = ..., heartbeat: _Optional[_Union[Heartbeat, _Mapping]] = ..., snapshot_complete: _Optional[_Union[SnapshotComplete, _Mapping]] = ...) -> None: ...

class PublishResponse(_message.Message):
    __slots__ = ["ack", "command", "refused", "welcome"]
    ACK_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    ack: Ack
    command: ClusterCommand
    refused: Refused
    welcome: FeedWelcome
    def __init__(self, welcome: _Optional[_Union[FeedWelcome, _Mapping]] = ..., ack: _Optional[_Union[Ack, _Mapping]] = ..., command: _Optional[_Union[ClusterCommand, _Mapping]] = ..., refused: _Optional[_Union[Refused, _Mapping]] = ...) -> None: ...

class PutCounters(_message.Message):
    __slots__ = ["daemons", "time"]
    DAEMONS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    daemons: _containers.RepeatedCompositeFieldContainer[DaemonCounters]
    time: float
    def __init__(self, time: _Optional[float] = ..., daemons: _Optional[_Iterable[_Union[DaemonCounters, _Mapping]]] = ...) -> None: ...

class PutDaemon(_message.Message):
    __slots__ = ["daemon", "health_metrics", "hostname", "metadata", "schema", "status"]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    HEALTH_METRICS_FIELD_NUMBER: _ClassVar[int]
    HOSTNAME_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    health_metrics: HealthMetrics
    hostname: str
    metadata: StringMap
    schema: CounterSchemas
    status: StringMap
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ..., hostname: _Optional[str] = ..., metadata: _Optional[_Union[StringMap, _Mapping]] = ..., status: _Optional[_Union[StringMap, _Mapping]] = ..., schema: _Optional[_Union[CounterSchemas, _Mapping]] = ..., health_metrics: _Optional[_Union[HealthMetrics, _Mapping]] = ...) -> None: ...

class PutDocument(_message.Message):
    __slots__ = ["json", "name"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    name: str
    def __init__(self, name: _Optional[str] = ..., json: _Optional[bytes] = ...) -> None: ...

class PutHealthChecks(_message.Message):
    __slots__ = ["checks"]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    checks: _containers.RepeatedCompositeFieldContainer[_types_pb2.HealthCheck]
    def __init__(self, checks: _Optional[_Iterable[_Union[_types_pb2.HealthCheck, _Mapping]]] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ["reason", "seq"]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    reason: str
    seq: int
    def __init__(self, seq: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class RemoveDaemon(_message.Message):
    __slots__ = ["daemon"]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ...) -> None: ...

class RemoveDocument(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SnapshotComplete(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class StringMap(_message.Message):
    __slots__ = ["entries"]
    class EntriesEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.ScalarMap[str, str]
    def __init__(self, entries: _Optional[_Mapping[str, str]] = ...) -> None: ...
