"""A module's live connection to `mgrd`: what lies under `ceph_module`. Module authors need none of this."""

from .._exceptions import HostError
from ._session import Session

__all__ = ["HostError", "Session"]
