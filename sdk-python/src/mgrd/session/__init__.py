"""A module's connection to `mgrd`, which `ceph_module` uses. Module authors do not need it."""

from .._exceptions import HostError
from .._transports._base import Stream, Transport
from ._session import Session

__all__ = ["HostError", "Session", "Stream", "Transport"]
