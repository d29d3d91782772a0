"""A module's connection to `mgrd`, on which `ceph_module` stands. Module authors need none of this."""

from .._exceptions import HostError
from .._transports._base import Stream, Transport
from ._session import Session

__all__ = ["HostError", "Session", "Stream", "Transport"]
