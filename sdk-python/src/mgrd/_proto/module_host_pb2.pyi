from mgrd._proto import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
LOG_LEVEL_CRITICAL: LogLevel
LOG_LEVEL_DEBUG: LogLevel
LOG_LEVEL_ERROR: LogLevel
LOG_LEVEL_INFO: LogLevel
LOG_LEVEL_UNSPECIFIED: LogLevel
LOG_LEVEL_WARNING: LogLevel
PURPOSE_DESCRIBE: Purpose
PURPOSE_RUN: Purpose
PURPOSE_UNSPECIFIED: Purpose
REMOTE_ERROR_KIND_NO_METHOD: RemoteErrorKind
REMOTE_ERROR_KIND_RAISED: RemoteErrorKind
REMOTE_ERROR_KIND_UNSPECIFIED: RemoteErrorKind

class AttachRequest(_message.Message):
    __slots__ = ["command_output", "command_result", "extend_start", "failed", "hello", "log", "pong", "ready", "remote_result", "watch_documents"]
    COMMAND_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_RESULT_FIELD_NUMBER: _ClassVar[int]
    EXTEND_START_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    LOG_FIELD_NUMBER: _ClassVar[int]
    PONG_FIELD_NUMBER: _ClassVar[int]
    READY_FIELD_NUMBER: _ClassVar[int]
    REMOTE_RESULT_FIELD_NUMBER: _ClassVar[int]
    WATCH_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    command_output: CommandOutput
    command_result: CommandResult
    extend_start: ExtendStart
    failed: Failed
    hello: Hello
    log: LogRecord
    pong: Pong
    ready: Ready
    remote_result: RemoteResult
    watch_documents: WatchDocuments
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., ready: _Optional[_Union[Ready, _Mapping]] = ..., command_result: _Optional[_Union[CommandResult, _Mapping]] = ..., command_output: _Optional[_Union[CommandOutput, _Mapping]] = ..., remote_result: _Optional[_Union[RemoteResult, _Mapping]] = ..., pong: _Optional[_Union[Pong, _Mapping]] = ..., log: _Optional[_Union[LogRecord, _Mapping]] = ..., failed: _Optional[_Union[Failed, _Mapping]] = ..., extend_start: _Optional[_Union[ExtendStart, _Mapping]] = ..., watch_documents: _Optional[_Union[WatchDocuments, _Mapping]] = ...) -> None: ...

class AttachResponse(_message.Message):
    __slots__ = ["cancel_command", "command", "constants_changed", "counters_changed", "document_changed", "notification", "options_changed", "ping", "remote_call", "shutdown", "snapshot", "store_changed", "welcome"]
    CANCEL_COMMAND_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    CONSTANTS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    COUNTERS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_CHANGED_FIELD_NUMBER: _ClassVar[int]
    NOTIFICATION_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    PING_FIELD_NUMBER: _ClassVar[int]
    REMOTE_CALL_FIELD_NUMBER: _ClassVar[int]
    SHUTDOWN_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    STORE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    cancel_command: CancelCommand
    command: Command
    constants_changed: ConstantsChanged
    counters_changed: CountersChanged
    document_changed: DocumentChanged
    notification: Notification
    options_changed: OptionsChanged
    ping: Ping
    remote_call: RemoteCall
    shutdown: Shutdown
    snapshot: Snapshot
    store_changed: StoreChanged
    welcome: Welcome
    def __init__(self, welcome: _Optional[_Union[Welcome, _Mapping]] = ..., command: _Optional[_Union[Command, _Mapping]] = ..., cancel_command: _Optional[_Union[CancelCommand, _Mapping]] = ..., remote_call: _Optional[_Union[RemoteCall, _Mapping]] = ..., notification: _Optional[_Union[Notification, _Mapping]] = ..., options_changed: _Optional[_Union[OptionsChanged, _Mapping]] = ..., store_changed: _Optional[_Union[StoreChanged, _Mapping]] = ..., ping: _Optional[_Union[Ping, _Mapping]] = ..., shutdown: _Optional[_Union[Shutdown, _Mapping]] = ..., document_changed: _Optional[_Union[DocumentChanged, _Mapping]] = ..., constants_changed: _Optional[_Union[ConstantsChanged, _Mapping]] = ..., counters_changed: _Optional[_Union[CountersChanged, _Mapping]] = ..., snapshot: _Optional[_Union[Snapshot, _Mapping]] = ...) -> None: ...

class CallModuleRequest(_message.Message):
    __slots__ = ["args", "chain", "kwargs", "method", "module", "timeout_ms"]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    CHAIN_FIELD_NUMBER: _ClassVar[int]
    KWARGS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    MODULE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    args: _types_pb2.Payload
    chain: _containers.RepeatedScalarFieldContainer[str]
    kwargs: _types_pb2.Payload
    method: str
    module: str
    timeout_ms: int
    def __init__(self, module: _Optional[str] = ..., method: _Optional[str] = ..., args: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ..., kwargs: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ..., timeout_ms: _Optional[int] = ..., chain: _Optional[_Iterable[str]] = ...) -> None: ...

class CallModuleResponse(_message.Message):
    __slots__ = ["value"]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    value: _types_pb2.Payload
    def __init__(self, value: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ...) -> None: ...

class CancelCommand(_message.Message):
    __slots__ = ["call_id"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    def __init__(self, call_id: _Optional[int] = ...) -> None: ...

class ClusterLogRequest(_message.Message):
    __slots__ = ["entry"]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: _types_pb2.ClusterLogEntry
    def __init__(self, entry: _Optional[_Union[_types_pb2.ClusterLogEntry, _Mapping]] = ...) -> None: ...

class ClusterLogResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Command(_message.Message):
    __slots__ = ["args", "call_id", "has_input", "input", "prefix", "timeout_ms"]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    HAS_INPUT_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    args: bytes
    call_id: int
    has_input: bool
    input: bytes
    prefix: str
    timeout_ms: int
    def __init__(self, call_id: _Optional[int] = ..., prefix: _Optional[str] = ..., args: _Optional[bytes] = ..., input: _Optional[bytes] = ..., has_input: bool = ..., timeout_ms: _Optional[int] = ...) -> None: ...

class CommandOutput(_message.Message):
    __slots__ = ["call_id", "stdout"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    stdout: bytes
    def __init__(self, call_id: _Optional[int] = ..., stdout: _Optional[bytes] = ...) -> None: ...

class CommandResult(_message.Message):
    __slots__ = ["call_id", "outcome"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    outcome: _types_pb2.CommandOutcome
    def __init__(self, call_id: _Optional[int] = ..., outcome: _Optional[_Union[_types_pb2.CommandOutcome, _Mapping]] = ...) -> None: ...

class CompleteProgressRequest(_message.Message):
    __slots__ = ["id"]
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CompleteProgressResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Constants(_message.Message):
    __slots__ = ["active_uri", "allow_eval", "ceph_conf", "debug_mgr", "have_mon_connection", "hostname", "log_file", "mgr_id", "mgr_ips", "release_name", "version"]
    ACTIVE_URI_FIELD_NUMBER: _ClassVar[int]
    ALLOW_EVAL_FIELD_NUMBER: _ClassVar[int]
    CEPH_CONF_FIELD_NUMBER: _ClassVar[int]
    DEBUG_MGR_FIELD_NUMBER: _ClassVar[int]
    HAVE_MON_CONNECTION_FIELD_NUMBER: _ClassVar[int]
    HOSTNAME_FIELD_NUMBER: _ClassVar[int]
    LOG_FILE_FIELD_NUMBER: _ClassVar[int]
    MGR_ID_FIELD_NUMBER: _ClassVar[int]
    MGR_IPS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    active_uri: str
    allow_eval: bool
    ceph_conf: str
    debug_mgr: str
    have_mon_connection: bool
    hostname: str
    log_file: str
    mgr_id: str
    mgr_ips: _containers.RepeatedScalarFieldContainer[str]
    release_name: str
    version: str
    def __init__(self, mgr_id: _Optional[str] = ..., hostname: _Optional[str] = ..., version: _Optional[str] = ..., release_name: _Optional[str] = ..., mgr_ips: _Optional[_Iterable[str]] = ..., ceph_conf: _Optional[str] = ..., debug_mgr: _Optional[str] = ..., log_file: _Optional[str] = ..., have_mon_connection: bool = ..., active_uri: _Optional[str] = ..., allow_eval: bool = ...) -> None: ...

class ConstantsChanged(_message.Message):
    __slots__ = ["constants"]
    CONSTANTS_FIELD_NUMBER: _ClassVar[int]
    constants: Constants
    def __init__(self, constants: _Optional[_Union[Constants, _Mapping]] = ...) -> None: ...

class CounterPoint(_message.Message):
    __slots__ = ["count", "time", "value"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    count: int
    time: float
    value: int
    def __init__(self, time: _Optional[float] = ..., value: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...

class CountersChanged(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Declaration(_message.Message):
    __slots__ = ["can_run", "can_run_error", "commands", "load_failed", "methods", "notify_types", "options", "roles"]
    CAN_RUN_ERROR_FIELD_NUMBER: _ClassVar[int]
    CAN_RUN_FIELD_NUMBER: _ClassVar[int]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    LOAD_FAILED_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    NOTIFY_TYPES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    can_run: bool
    can_run_error: str
    commands: _containers.RepeatedCompositeFieldContainer[_types_pb2.CommandSpec]
    load_failed: bool
    methods: _containers.RepeatedScalarFieldContainer[str]
    notify_types: _containers.RepeatedScalarFieldContainer[str]
    options: _containers.RepeatedCompositeFieldContainer[_types_pb2.OptionSchema]
    roles: _containers.RepeatedScalarFieldContainer[_types_pb2.Role]
    def __init__(self, options: _Optional[_Iterable[_Union[_types_pb2.OptionSchema, _Mapping]]] = ..., commands: _Optional[_Iterable[_Union[_types_pb2.CommandSpec, _Mapping]]] = ..., notify_types: _Optional[_Iterable[str]] = ..., can_run: bool = ..., can_run_error: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[_types_pb2.Role, str]]] = ..., methods: _Optional[_Iterable[str]] = ..., load_failed: bool = ...) -> None: ...

class DocumentChanged(_message.Message):
    __slots__ = ["documents"]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[DocumentVersion]
    def __init__(self, documents: _Optional[_Iterable[_Union[DocumentVersion, _Mapping]]] = ...) -> None: ...

class DocumentVersion(_message.Message):
    __slots__ = ["name", "version"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: int
    def __init__(self, name: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class ExtendStart(_message.Message):
    __slots__ = ["millis"]
    MILLIS_FIELD_NUMBER: _ClassVar[int]
    millis: int
    def __init__(self, millis: _Optional[int] = ...) -> None: ...

class Failed(_message.Message):
    __slots__ = ["message", "traceback"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TRACEBACK_FIELD_NUMBER: _ClassVar[int]
    message: str
    traceback: str
    def __init__(self, message: _Optional[str] = ..., traceback: _Optional[str] = ...) -> None: ...

class GetCephOptionRequest(_message.Message):
    __slots__ = ["entity", "key"]
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    entity: str
    key: str
    def __init__(self, key: _Optional[str] = ..., entity: _Optional[str] = ...) -> None: ...

class GetCephOptionResponse(_message.Message):
    __slots__ = ["value"]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    value: bytes
    def __init__(self, value: _Optional[bytes] = ...) -> None: ...

class GetCounterRequest(_message.Message):
    __slots__ = ["daemon", "labels", "most", "path"]
    class LabelsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    labels: _containers.ScalarMap[str, str]
    most: int
    path: str
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ..., path: _Optional[str] = ..., most: _Optional[int] = ..., labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GetCounterResponse(_message.Message):
    __slots__ = ["has_count", "points"]
    HAS_COUNT_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    has_count: bool
    points: _containers.RepeatedCompositeFieldContainer[CounterPoint]
    def __init__(self, points: _Optional[_Iterable[_Union[CounterPoint, _Mapping]]] = ..., has_count: bool = ...) -> None: ...

class GetDaemonHealthMetricsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetDaemonHealthMetricsResponse(_message.Message):
    __slots__ = ["json"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class GetDaemonStatusRequest(_message.Message):
    __slots__ = ["daemon"]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ...) -> None: ...

class GetDaemonStatusResponse(_message.Message):
    __slots__ = ["found", "status"]
    class StatusEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FOUND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    found: bool
    status: _containers.ScalarMap[str, str]
    def __init__(self, found: bool = ..., status: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ["known_version", "name"]
    KNOWN_VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    known_version: int
    name: str
    def __init__(self, name: _Optional[str] = ..., known_version: _Optional[int] = ...) -> None: ...

class GetDocumentResponse(_message.Message):
    __slots__ = ["json", "version"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    version: int
    def __init__(self, version: _Optional[int] = ..., json: _Optional[bytes] = ...) -> None: ...

class GetMetadataRequest(_message.Message):
    __slots__ = ["daemon"]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ...) -> None: ...

class GetMetadataResponse(_message.Message):
    __slots__ = ["found", "metadata"]
    class MetadataEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FOUND_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    found: bool
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, found: bool = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GetModuleOptionRequest(_message.Message):
    __slots__ = ["key", "module"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    MODULE_FIELD_NUMBER: _ClassVar[int]
    key: str
    module: str
    def __init__(self, module: _Optional[str] = ..., key: _Optional[str] = ...) -> None: ...

class GetModuleOptionResponse(_message.Message):
    __slots__ = ["value"]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    value: bytes
    def __init__(self, value: _Optional[bytes] = ...) -> None: ...

class GetPerfCountersRequest(_message.Message):
    __slots__ = ["daemon", "known_schemas", "min_priority", "types", "watch"]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    KNOWN_SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    MIN_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    WATCH_FIELD_NUMBER: _ClassVar[int]
    daemon: _types_pb2.DaemonKey
    known_schemas: _containers.RepeatedScalarFieldContainer[int]
    min_priority: int
    types: _containers.RepeatedScalarFieldContainer[str]
    watch: bool
    def __init__(self, min_priority: _Optional[int] = ..., types: _Optional[_Iterable[str]] = ..., known_schemas: _Optional[_Iterable[int]] = ..., daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ..., watch: bool = ...) -> None: ...

class GetPerfCountersResponse(_message.Message):
    __slots__ = ["daemons", "schemas"]
    DAEMONS_FIELD_NUMBER: _ClassVar[int]
    SCHEMAS_FIELD_NUMBER: _ClassVar[int]
    daemons: _containers.RepeatedCompositeFieldContainer[PackedCounters]
    schemas: _containers.RepeatedCompositeFieldContainer[PerfSchema]
    def __init__(self, schemas: _Optional[_Iterable[_Union[PerfSchema, _Mapping]]] = ..., daemons: _Optional[_Iterable[_Union[PackedCounters, _Mapping]]] = ...) -> None: ...

class GetPerfSchemaRequest(_message.Message):
    __slots__ = ["id", "type"]
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class GetPerfSchemaResponse(_message.Message):
    __slots__ = ["json"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ["declaration", "features", "protocol_versions", "sdk"]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    SDK_FIELD_NUMBER: _ClassVar[int]
    declaration: Declaration
    features: _containers.RepeatedScalarFieldContainer[str]
    protocol_versions: _containers.RepeatedScalarFieldContainer[int]
    sdk: str
    def __init__(self, protocol_versions: _Optional[_Iterable[int]] = ..., features: _Optional[_Iterable[str]] = ..., sdk: _Optional[str] = ..., declaration: _Optional[_Union[Declaration, _Mapping]] = ...) -> None: ...

class IsAuthorizedRequest(_message.Message):
    __slots__ = ["arguments", "call_id"]
    class ArgumentsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    arguments: _containers.ScalarMap[str, str]
    call_id: int
    def __init__(self, arguments: _Optional[_Mapping[str, str]] = ..., call_id: _Optional[int] = ...) -> None: ...

class IsAuthorizedResponse(_message.Message):
    __slots__ = ["authorized"]
    AUTHORIZED_FIELD_NUMBER: _ClassVar[int]
    authorized: bool
    def __init__(self, authorized: bool = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ["call_timeout_ms", "max_message_bytes", "shutdown_grace_ms"]
    CALL_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHUTDOWN_GRACE_MS_FIELD_NUMBER: _ClassVar[int]
    call_timeout_ms: int
    max_message_bytes: int
    shutdown_grace_ms: int
    def __init__(self, max_message_bytes: _Optional[int] = ..., call_timeout_ms: _Optional[int] = ..., shutdown_grace_ms: _Optional[int] = ...) -> None: ...

class ListServersRequest(_message.Message):
    __slots__ = ["hostname"]
    HOSTNAME_FIELD_NUMBER: _ClassVar[int]
    hostname: str
    def __init__(self, hostname: _Optional[str] = ...) -> None: ...

class ListServersResponse(_message.Message):
    __slots__ = ["json"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class LogRecord(_message.Message):
    __slots__ = ["call_id", "level", "logger", "message", "stamp_us"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LOGGER_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STAMP_US_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    level: LogLevel
    logger: str
    message: str
    stamp_us: int
    def __init__(self, level: _Optional[_Union[LogLevel, str]] = ..., logger: _Optional[str] = ..., message: _Optional[str] = ..., stamp_us: _Optional[int] = ..., call_id: _Optional[int] = ...) -> None: ...

class Notification(_message.Message):
    __slots__ = ["id", "type"]
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: bytes
    type: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[bytes] = ...) -> None: ...

class OptionsChanged(_message.Message):
    __slots__ = ["options"]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    def __init__(self, options: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ...) -> None: ...

class PackedCounters(_message.Message):
    __slots__ = ["counts", "daemon", "schema_id", "time", "values"]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    DAEMON_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedScalarFieldContainer[int]
    daemon: _types_pb2.DaemonKey
    schema_id: int
    time: float
    values: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, daemon: _Optional[_Union[_types_pb2.DaemonKey, _Mapping]] = ..., schema_id: _Optional[int] = ..., time: _Optional[float] = ..., values: _Optional[_Iterable[int]] = ..., counts: _Optional[_Iterable[int]] = ...) -> None: ...

class PerfSchema(_message.Message):
    __slots__ = ["counters", "id"]
    COUNTERS_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    counters: _containers.RepeatedCompositeFieldContainer[_types_pb2.CounterSchema]
    id: int
    def __init__(self, id: _Optional[int] = ..., counters: _Optional[_Iterable[_Union[_types_pb2.CounterSchema, _Mapping]]] = ...) -> None: ...

class Ping(_message.Message):
    __slots__ = ["seq"]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    seq: int
    def __init__(self, seq: _Optional[int] = ...) -> None: ...

class Pong(_message.Message):
    __slots__ = ["busy_ms", "busy_with", "seq"]
    BUSY_MS_FIELD_NUMBER: _ClassVar[int]
    BUSY_WITH_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    busy_ms: int
    busy_with: str
    seq: int
    def __init__(self, seq: _Optional[int] = ..., busy_ms: _Optional[int] = ..., busy_with: _Optional[str] = ...) -> None: ...

class Ready(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class RemoteCall(_message.Message):
    __slots__ = ["args", "call_id", "caller", "chain", "encodings", "kwargs", "method", "timeout_ms"]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    CHAIN_FIELD_NUMBER: _ClassVar[int]
    ENCODINGS_FIELD_NUMBER: _ClassVar[int]
    KWARGS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    args: _types_pb2.Payload
    call_id: int
    caller: str
    chain: _containers.RepeatedScalarFieldContainer[str]
    encodings: _containers.RepeatedScalarFieldContainer[str]
    kwargs: _types_pb2.Payload
    method: str
    timeout_ms: int
    def __init__(self, call_id: _Optional[int] = ..., caller: _Optional[str] = ..., method: _Optional[str] = ..., args: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ..., kwargs: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ..., timeout_ms: _Optional[int] = ..., chain: _Optional[_Iterable[str]] = ..., encodings: _Optional[_Iterable[str]] = ...) -> None: ...

class RemoteError(_message.Message):
    __slots__ = ["kind", "message"]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    kind: RemoteErrorKind
    message: str
    def __init__(self, kind: _Optional[_Union[RemoteErrorKind, str]] = ..., message: _Optional[str] = ...) -> None: ...

class RemoteResult(_message.Message):
    __slots__ = ["call_id", "error", "value"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    call_id: int
    error: RemoteError
    value: _types_pb2.Payload
    def __init__(self, call_id: _Optional[int] = ..., value: _Optional[_Union[_types_pb2.Payload, _Mapping]] = ..., error: _Optional[_Union[RemoteError, _Mapping]] = ...) -> None: ...

class SendCommandRequest(_message.Message):
    __slots__ = ["command", "input", "tag", "target_id", "target_type", "timeout_ms"]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    TARGET_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_TYPE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    command: bytes
    input: bytes
    tag: str
    target_id: str
    target_type: str
    timeout_ms: int
    def __init__(self, target_type: _Optional[str] = ..., target_id: _Optional[str] = ..., command: _Optional[bytes] = ..., input: _Optional[bytes] = ..., timeout_ms: _Optional[int] = ..., tag: _Optional[str] = ...) -> None: ...

class SendCommandResponse(_message.Message):
    __slots__ = ["outcome"]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    outcome: _types_pb2.CommandOutcome
    def __init__(self, outcome: _Optional[_Union[_types_pb2.CommandOutcome, _Mapping]] = ...) -> None: ...

class SetHealthChecksRequest(_message.Message):
    __slots__ = ["checks"]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    checks: _containers.RepeatedCompositeFieldContainer[_types_pb2.HealthCheck]
    def __init__(self, checks: _Optional[_Iterable[_Union[_types_pb2.HealthCheck, _Mapping]]] = ...) -> None: ...

class SetHealthChecksResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class SetModuleOptionRequest(_message.Message):
    __slots__ = ["key", "localized", "module", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    LOCALIZED_FIELD_NUMBER: _ClassVar[int]
    MODULE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    localized: bool
    module: str
    value: str
    def __init__(self, module: _Optional[str] = ..., key: _Optional[str] = ..., value: _Optional[str] = ..., localized: bool = ...) -> None: ...

class SetModuleOptionResponse(_message.Message):
    __slots__ = ["entry"]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: _types_pb2.Entry
    def __init__(self, entry: _Optional[_Union[_types_pb2.Entry, _Mapping]] = ...) -> None: ...

class SetStoreRequest(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class SetStoreResponse(_message.Message):
    __slots__ = ["revision"]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    revision: int
    def __init__(self, revision: _Optional[int] = ...) -> None: ...

class SetUriRequest(_message.Message):
    __slots__ = ["uri"]
    URI_FIELD_NUMBER: _ClassVar[int]
    uri: str
    def __init__(self, uri: _Optional[str] = ...) -> None: ...

class SetUriResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Shutdown(_message.Message):
    __slots__ = ["grace_ms"]
    GRACE_MS_FIELD_NUMBER: _ClassVar[int]
    grace_ms: int
    def __init__(self, grace_ms: _Optional[int] = ...) -> None: ...

class Snapshot(_message.Message):
    __slots__ = ["last", "options", "revision", "store"]
    LAST_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STORE_FIELD_NUMBER: _ClassVar[int]
    last: bool
    options: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    revision: int
    store: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    def __init__(self, revision: _Optional[int] = ..., options: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ..., store: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ..., last: bool = ...) -> None: ...

class StoreChanged(_message.Message):
    __slots__ = ["entries"]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    def __init__(self, entries: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ...) -> None: ...

class UpdateProgressRequest(_message.Message):
    __slots__ = ["add_to_status", "id", "message", "progress"]
    ADD_TO_STATUS_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    add_to_status: bool
    id: str
    message: str
    progress: float
    def __init__(self, id: _Optional[str] = ..., message: _Optional[str] = ..., progress: _Optional[float] = ..., add_to_status: bool = ...) -> None: ...

class UpdateProgressResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class WatchDocuments(_message.Message):
    __slots__ = ["names"]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ...) -> None: ...

class Welcome(_message.Message):
    __slots__ = ["constants", "features", "limits", "module", "options", "protocol_version", "purpose", "role", "store"]
    CONSTANTS_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MODULE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    STORE_FIELD_NUMBER: _ClassVar[int]
    constants: Constants
    features: _containers.RepeatedScalarFieldContainer[str]
    limits: Limits
    module: str
    options: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    protocol_version: int
    purpose: Purpose
    role: _types_pb2.Role
    store: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    def __init__(self, protocol_version: _Optional[int] = ..., features: _Optional[_Iterable[str]] = ..., purpose: _Optional[_Union[Purpose, str]] = ..., role: _Optional[_Union[_types_pb2.Role, str]] = ..., module: _Optional[str] = ..., constants: _Optional[_Union[Constants, _Mapping]] = ..., options: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ..., store: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ...) -> None: ...

class Purpose(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class RemoteErrorKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class LogLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
