from mgrd._proto import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
MODULE_STATE_ABSENT: ModuleState
MODULE_STATE_BACKOFF: ModuleState
MODULE_STATE_CANNOT_RUN: ModuleState
MODULE_STATE_DEBUGGING: ModuleState
MODULE_STATE_DEGRADED: ModuleState
MODULE_STATE_DISABLED: ModuleState
MODULE_STATE_FAILED: ModuleState
MODULE_STATE_RUNNING: ModuleState
MODULE_STATE_STARTING: ModuleState
MODULE_STATE_STOPPED: ModuleState
MODULE_STATE_STOPPING: ModuleState
MODULE_STATE_UNSPECIFIED: ModuleState

class BackUpEnd(_message.Message):
    __slots__ = ["keys", "revision"]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    keys: int
    revision: int
    def __init__(self, keys: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class BackUpStorageRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class BackUpStorageResponse(_message.Message):
    __slots__ = ["end", "part"]
    END_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    end: BackUpEnd
    part: bytes
    def __init__(self, part: _Optional[bytes] = ..., end: _Optional[_Union[BackUpEnd, _Mapping]] = ...) -> None: ...

class DebugModuleRequest(_message.Message):
    __slots__ = ["end", "name"]
    END_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    end: bool
    name: str
    def __init__(self, name: _Optional[str] = ..., end: bool = ...) -> None: ...

class DebugModuleResponse(_message.Message):
    __slots__ = ["command", "environment"]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    command: _containers.RepeatedScalarFieldContainer[str]
    environment: _containers.RepeatedCompositeFieldContainer[_types_pb2.Entry]
    def __init__(self, environment: _Optional[_Iterable[_Union[_types_pb2.Entry, _Mapping]]] = ..., command: _Optional[_Iterable[str]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ["kind", "message", "progress", "stamp_us", "subject"]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    STAMP_US_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    message: str
    progress: float
    stamp_us: int
    subject: str
    def __init__(self, stamp_us: _Optional[int] = ..., kind: _Optional[str] = ..., subject: _Optional[str] = ..., message: _Optional[str] = ..., progress: _Optional[float] = ...) -> None: ...

class ExecuteCommand(_message.Message):
    __slots__ = ["format", "has_input", "json", "name", "print_header", "timeout_ms", "width", "words"]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    HAS_INPUT_FIELD_NUMBER: _ClassVar[int]
    JSON_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRINT_HEADER_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    format: str
    has_input: bool
    json: bytes
    name: str
    print_header: bool
    timeout_ms: int
    width: int
    words: Words
    def __init__(self, words: _Optional[_Union[Words, _Mapping]] = ..., json: _Optional[bytes] = ..., format: _Optional[str] = ..., has_input: bool = ..., width: _Optional[int] = ..., print_header: bool = ..., name: _Optional[str] = ..., timeout_ms: _Optional[int] = ...) -> None: ...

class ExecuteRequest(_message.Message):
    __slots__ = ["command", "input"]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    command: ExecuteCommand
    input: bytes
    def __init__(self, command: _Optional[_Union[ExecuteCommand, _Mapping]] = ..., input: _Optional[bytes] = ...) -> None: ...

class ExecuteResponse(_message.Message):
    __slots__ = ["outcome", "started", "stdout"]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    outcome: _types_pb2.CommandOutcome
    started: ExecuteStarted
    stdout: bytes
    def __init__(self, started: _Optional[_Union[ExecuteStarted, _Mapping]] = ..., stdout: _Optional[bytes] = ..., outcome: _Optional[_Union[_types_pb2.CommandOutcome, _Mapping]] = ...) -> None: ...

class ExecuteStarted(_message.Message):
    __slots__ = ["poll", "prefix"]
    POLL_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    poll: bool
    prefix: str
    def __init__(self, prefix: _Optional[str] = ..., poll: bool = ...) -> None: ...

class GetCommandTableRequest(_message.Message):
    __slots__ = ["known_version"]
    KNOWN_VERSION_FIELD_NUMBER: _ClassVar[int]
    known_version: int
    def __init__(self, known_version: _Optional[int] = ...) -> None: ...

class GetCommandTableResponse(_message.Message):
    __slots__ = ["commands", "version"]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    commands: _containers.RepeatedCompositeFieldContainer[TableCommand]
    version: int
    def __init__(self, version: _Optional[int] = ..., commands: _Optional[_Iterable[_Union[TableCommand, _Mapping]]] = ...) -> None: ...

class ListModulesRequest(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListModulesResponse(_message.Message):
    __slots__ = ["modules"]
    MODULES_FIELD_NUMBER: _ClassVar[int]
    modules: _containers.RepeatedCompositeFieldContainer[ModuleInfo]
    def __init__(self, modules: _Optional[_Iterable[_Union[ModuleInfo, _Mapping]]] = ...) -> None: ...

class ModuleInfo(_message.Message):
    __slots__ = ["can_run", "cpu_ms", "enabled", "in_flight", "last_words", "module_state", "name", "next_try_ms", "path", "pid", "queued", "reason", "restarts", "rss_bytes", "runtime", "sdk", "started_us", "state"]
    CAN_RUN_FIELD_NUMBER: _ClassVar[int]
    CPU_MS_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    LAST_WORDS_FIELD_NUMBER: _ClassVar[int]
    MODULE_STATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NEXT_TRY_MS_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RESTARTS_FIELD_NUMBER: _ClassVar[int]
    RSS_BYTES_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_FIELD_NUMBER: _ClassVar[int]
    SDK_FIELD_NUMBER: _ClassVar[int]
    STARTED_US_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    can_run: bool
    cpu_ms: int
    enabled: bool
    in_flight: int
    last_words: _containers.RepeatedScalarFieldContainer[str]
    module_state: ModuleState
    name: str
    next_try_ms: int
    path: str
    pid: int
    queued: int
    reason: str
    restarts: int
    rss_bytes: int
    runtime: str
    sdk: str
    started_us: int
    state: str
    def __init__(self, name: _Optional[str] = ..., enabled: bool = ..., state: _Optional[str] = ..., reason: _Optional[str] = ..., pid: _Optional[int] = ..., started_us: _Optional[int] = ..., restarts: _Optional[int] = ..., next_try_ms: _Optional[int] = ..., rss_bytes: _Optional[int] = ..., cpu_ms: _Optional[int] = ..., queued: _Optional[int] = ..., in_flight: _Optional[int] = ..., last_words: _Optional[_Iterable[str]] = ..., runtime: _Optional[str] = ..., sdk: _Optional[str] = ..., path: _Optional[str] = ..., can_run: bool = ..., module_state: _Optional[_Union[ModuleState, str]] = ...) -> None: ...

class TableCommand(_message.Message):
    __slots__ = ["hidden", "module", "spec"]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    MODULE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    hidden: bool
    module: str
    spec: _types_pb2.CommandSpec
    def __init__(self, spec: _Optional[_Union[_types_pb2.CommandSpec, _Mapping]] = ..., module: _Optional[str] = ..., hidden: bool = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ["after_term", "backlog", "channels", "events", "min_priority"]
    AFTER_TERM_FIELD_NUMBER: _ClassVar[int]
    BACKLOG_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    MIN_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    after_term: int
    backlog: int
    channels: _containers.RepeatedScalarFieldContainer[str]
    events: bool
    min_priority: _types_pb2.LogPriority
    def __init__(self, channels: _Optional[_Iterable[str]] = ..., min_priority: _Optional[_Union[_types_pb2.LogPriority, str]] = ..., backlog: _Optional[int] = ..., events: bool = ..., after_term: _Optional[int] = ...) -> None: ...

class WatchResponse(_message.Message):
    __slots__ = ["dropped", "event", "log", "start"]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    LOG_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    dropped: int
    event: Event
    log: _types_pb2.ClusterLogEntry
    start: WatchStart
    def __init__(self, log: _Optional[_Union[_types_pb2.ClusterLogEntry, _Mapping]] = ..., event: _Optional[_Union[Event, _Mapping]] = ..., dropped: _Optional[int] = ..., start: _Optional[_Union[WatchStart, _Mapping]] = ...) -> None: ...

class WatchStart(_message.Message):
    __slots__ = ["manager", "term"]
    MANAGER_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    manager: str
    term: int
    def __init__(self, manager: _Optional[str] = ..., term: _Optional[int] = ...) -> None: ...

class Words(_message.Message):
    __slots__ = ["words"]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    words: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, words: _Optional[_Iterable[str]] = ...) -> None: ...

class ModuleState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
