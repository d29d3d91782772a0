"""A module's connection to `mgrd`, which `ceph_module` uses. Module authors do not need it."""

from .._exceptions import HostError
from .._transports._base import Stream, Transport
from ._documents import Documents
from ._frozen import frozen
from ._handled import handling
from ._logs import message_level
from ._payload import PICKLE, PICKLE_FEATURE, RAISED, decode, encode
from ._session import SERVICE, Session

__all__ = [
    "PICKLE",
    "PICKLE_FEATURE",
    "RAISED",
    "SERVICE",
    "Documents",
    "HostError",
    "Session",
    "Stream",
    "Transport",
    "decode",
    "encode",
    "frozen",
    "handling",
    "message_level",
]
