"""Every exception that this package raises.

* `MgrdError`, a RuntimeError
  * `HostError`: `mgrd` refused a call, or could not answer it
    * `InvalidValue`, a ValueError: a value is not allowed
    * `NotFound`, a KeyError: there is no such thing
    * `NotPermitted`, a PermissionError: this module may not do that
  * `ForkedProcess`: a process that was forked from a module used its session
  * `Refused`: `mgrd` did not take what a feed sent, or ended the connection
"""

from __future__ import annotations

from typing import Optional

from ._status import Status


class MgrdError(RuntimeError):
    """The base of all exceptions of this package."""


class HostError(MgrdError):
    """`mgrd` refused a call, or could not answer it. `errno` is positive, or None where Ceph has none."""

    def __init__(self, message: str, errno: Optional[int] = None, status: Status = Status.UNKNOWN) -> None:
        RuntimeError.__init__(self, message)
        self.errno = errno
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would quote the text


class InvalidValue(HostError, ValueError):
    """A value is not allowed."""

    def __init__(self, message: str, errno: Optional[int] = None, status: Status = Status.INVALID_ARGUMENT) -> None:
        super().__init__(message, errno, status)


class NotFound(HostError, KeyError):
    """There is no such thing."""

    def __init__(self, message: str, errno: Optional[int] = None, status: Status = Status.NOT_FOUND) -> None:
        super().__init__(message, errno, status)


class NotPermitted(HostError, PermissionError):
    """This module may not do that."""

    def __init__(self, message: str, errno: Optional[int] = None, status: Status = Status.PERMISSION_DENIED) -> None:
        super().__init__(message, errno, status)


class ForkedProcess(MgrdError):
    """A process that was forked from a module used its session."""


class Refused(MgrdError):
    """`mgrd` did not take what a feed sent, or ended the connection."""


_BY_STATUS: dict[Status, type[HostError]] = {
    Status.INVALID_ARGUMENT: InvalidValue,
    Status.OUT_OF_RANGE: InvalidValue,
    Status.NOT_FOUND: NotFound,
    Status.PERMISSION_DENIED: NotPermitted,
}


def host_error(status: Status, message: str, errno: Optional[int] = None) -> HostError:
    """The exception for a call that failed."""
    return _BY_STATUS.get(status, HostError)(message or status.name, errno, status)
