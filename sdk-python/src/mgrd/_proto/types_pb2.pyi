from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
HEALTH_SEVERITY_ERROR: HealthSeverity
HEALTH_SEVERITY_UNSPECIFIED: HealthSeverity
HEALTH_SEVERITY_WARNING: HealthSeverity
LOG_PRIORITY_DEBUG: LogPriority
LOG_PRIORITY_ERROR: LogPriority
LOG_PRIORITY_INFO: LogPriority
LOG_PRIORITY_SECURITY: LogPriority
LOG_PRIORITY_UNSPECIFIED: LogPriority
LOG_PRIORITY_WARNING: LogPriority
OPTION_LEVEL_ADVANCED: OptionLevel
OPTION_LEVEL_BASIC: OptionLevel
OPTION_LEVEL_DEV: OptionLevel
OPTION_LEVEL_UNSPECIFIED: OptionLevel
ROLE_ACTIVE: Role
ROLE_STANDBY: Role
ROLE_UNSPECIFIED: Role

class ClusterLogEntry(_message.Message):
    __slots__ = ["channel", "message", "name", "priority", "seq", "stamp_us"]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    STAMP_US_FIELD_NUMBER: _ClassVar[int]
    channel: str
    message: str
    name: str
    priority: LogPriority
    seq: int
    stamp_us: int
    def __init__(self, channel: _Optional[str] = ..., priority: _Optional[_Union[LogPriority, str]] = ..., message: _Optional[str] = ..., name: _Optional[str] = ..., stamp_us: _Optional[int] = ..., seq: _Optional[int] = ...) -> None: ...

class CommandOutcome(_message.Message):
    __slots__ = ["retval", "stderr", "stdout"]
    RETVAL_FIELD_NUMBER: _ClassVar[int]
    STDERR_FIELD_NUMBER: _ClassVar[int]
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    retval: int
    stderr: str
    stdout: bytes
    def __init__(self, retval: _Optional[int] = ..., stdout: _Optional[bytes] = ..., stderr: _Optional[str] = ...) -> None: ...

class CommandSpec(_message.Message):
    __slots__ = ["cmd", "declared_at", "desc", "perm", "poll"]
    CMD_FIELD_NUMBER: _ClassVar[int]
    DECLARED_AT_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    PERM_FIELD_NUMBER: _ClassVar[int]
    POLL_FIELD_NUMBER: _ClassVar[int]
    cmd: str
    declared_at: str
    desc: str
    perm: str
    poll: bool
    def __init__(self, cmd: _Optional[str] = ..., desc: _Optional[str] = ..., perm: _Optional[str] = ..., poll: bool = ..., declared_at: _Optional[str] = ...) -> None: ...

class CounterSchema(_message.Message):
    __slots__ = ["description", "labels", "nick", "path", "priority", "type", "units"]
    class LabelsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NICK_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    description: str
    labels: _containers.ScalarMap[str, str]
    nick: str
    path: str
    priority: int
    type: int
    units: int
    def __init__(self, path: _Optional[str] = ..., description: _Optional[str] = ..., nick: _Optional[str] = ..., type: _Optional[int] = ..., priority: _Optional[int] = ..., units: _Optional[int] = ..., labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class DaemonKey(_message.Message):
    __slots__ = ["id", "type"]
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    def __init__(self, type: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class Entry(_message.Message):
    __slots__ = ["key", "revision", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    revision: int
    value: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class HealthCheck(_message.Message):
    __slots__ = ["code", "count", "detail", "severity", "summary"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    code: str
    count: int
    detail: _containers.RepeatedScalarFieldContainer[str]
    severity: HealthSeverity
    summary: str
    def __init__(self, code: _Optional[str] = ..., severity: _Optional[_Union[HealthSeverity, str]] = ..., summary: _Optional[str] = ..., count: _Optional[int] = ..., detail: _Optional[_Iterable[str]] = ...) -> None: ...

class OptionSchema(_message.Message):
    __slots__ = ["default_value", "desc", "enum_allowed", "level", "long_desc", "max", "min", "name", "runtime", "see_also", "tags", "type"]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    ENUM_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LONG_DESC_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_FIELD_NUMBER: _ClassVar[int]
    SEE_ALSO_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    default_value: str
    desc: str
    enum_allowed: _containers.RepeatedScalarFieldContainer[str]
    level: OptionLevel
    long_desc: str
    max: str
    min: str
    name: str
    runtime: bool
    see_also: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.RepeatedScalarFieldContainer[str]
    type: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., level: _Optional[_Union[OptionLevel, str]] = ..., default_value: _Optional[str] = ..., min: _Optional[str] = ..., max: _Optional[str] = ..., enum_allowed: _Optional[_Iterable[str]] = ..., desc: _Optional[str] = ..., long_desc: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., see_also: _Optional[_Iterable[str]] = ..., runtime: bool = ...) -> None: ...

class Payload(_message.Message):
    __slots__ = ["data", "encoding"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    encoding: str
    def __init__(self, data: _Optional[bytes] = ..., encoding: _Optional[str] = ...) -> None: ...

class OptionLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class HealthSeverity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class LogPriority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
