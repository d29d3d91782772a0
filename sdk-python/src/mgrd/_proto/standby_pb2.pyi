from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AvailableModules(_message.Message):
    __slots__ = ["json"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class FollowRequest(_message.Message):
    __slots__ = ["available_modules", "register"]
    AVAILABLE_MODULES_FIELD_NUMBER: _ClassVar[int]
    REGISTER_FIELD_NUMBER: _ClassVar[int]
    available_modules: AvailableModules
    register: Register
    def __init__(self, register: _Optional[_Union[Register, _Mapping]] = ..., available_modules: _Optional[_Union[AvailableModules, _Mapping]] = ...) -> None: ...

class FollowResponse(_message.Message):
    __slots__ = ["changes", "document", "registered", "services", "snapshot"]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    changes: StorageChanges
    document: StandbyDocument
    registered: Registered
    services: Services
    snapshot: StorageSnapshot
    def __init__(self, registered: _Optional[_Union[Registered, _Mapping]] = ..., snapshot: _Optional[_Union[StorageSnapshot, _Mapping]] = ..., changes: _Optional[_Union[StorageChanges, _Mapping]] = ..., services: _Optional[_Union[Services, _Mapping]] = ..., document: _Optional[_Union[StandbyDocument, _Mapping]] = ...) -> None: ...

class Register(_message.Message):
    __slots__ = ["active_instance", "id", "instance", "metadata", "protocol_versions"]
    class MetadataEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ACTIVE_INSTANCE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    active_instance: int
    id: str
    instance: int
    metadata: _containers.ScalarMap[str, str]
    protocol_versions: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, protocol_versions: _Optional[_Iterable[int]] = ..., id: _Optional[str] = ..., instance: _Optional[int] = ..., metadata: _Optional[_Mapping[str, str]] = ..., active_instance: _Optional[int] = ...) -> None: ...

class Registered(_message.Message):
    __slots__ = ["active_id", "protocol_version"]
    ACTIVE_ID_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    active_id: str
    protocol_version: int
    def __init__(self, protocol_version: _Optional[int] = ..., active_id: _Optional[str] = ...) -> None: ...

class Services(_message.Message):
    __slots__ = ["uris"]
    class UrisEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    URIS_FIELD_NUMBER: _ClassVar[int]
    uris: _containers.ScalarMap[str, str]
    def __init__(self, uris: _Optional[_Mapping[str, str]] = ...) -> None: ...

class StandbyDocument(_message.Message):
    __slots__ = ["json", "name"]
    JSON_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    name: str
    def __init__(self, name: _Optional[str] = ..., json: _Optional[bytes] = ...) -> None: ...

class StorageChanges(_message.Message):
    __slots__ = ["changes"]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[StoredEntry]
    def __init__(self, changes: _Optional[_Iterable[_Union[StoredEntry, _Mapping]]] = ...) -> None: ...

class StorageSnapshot(_message.Message):
    __slots__ = ["entries", "last", "origin", "revision"]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[StoredEntry]
    last: bool
    origin: int
    revision: int
    def __init__(self, revision: _Optional[int] = ..., entries: _Optional[_Iterable[_Union[StoredEntry, _Mapping]]] = ..., last: bool = ..., origin: _Optional[int] = ...) -> None: ...

class StoredEntry(_message.Message):
    __slots__ = ["key", "revision", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    revision: int
    value: bytes
    def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ..., revision: _Optional[int] = ...) -> None: ...
