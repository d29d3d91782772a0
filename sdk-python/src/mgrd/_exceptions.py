"""What a refused call raises."""

from __future__ import annotations

from typing import Any, Optional

import grpc


class HostError(RuntimeError):
    """`mgrd` refused or could not answer a call; `errno` is positive, or None where Ceph has none."""

    def __init__(self, message: str, errno: Optional[int], code: grpc.StatusCode) -> None:
        super().__init__(message)
        self.errno = errno
        self.code = code


class InvalidValue(HostError, ValueError):
    """What was given is not allowed."""


class NotFound(HostError, KeyError):
    """There is no such thing."""

    __str__ = HostError.__str__  # KeyError would show the text in quotes


class NotPermitted(HostError, PermissionError):
    """This module may not do that."""

    def __init__(self, message: str, errno: Optional[int], code: grpc.StatusCode) -> None:
        HostError.__init__(self, message, errno, code)

    def __str__(self) -> str:
        return str(self.args[0])


_KINDS: dict[grpc.StatusCode, type[HostError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidValue,
    grpc.StatusCode.OUT_OF_RANGE: InvalidValue,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.PERMISSION_DENIED: NotPermitted,
}


def from_rpc(error: grpc.RpcError) -> HostError:
    """The exception for a failed call."""
    code = error.code()
    metadata: Any = error.trailing_metadata() or ()
    trailing: dict[Any, Any] = dict(metadata)
    errno = trailing.get("mgrd-errno")
    kind = _KINDS.get(code, HostError)
    return kind(error.details() or code.name, int(errno) if errno else None, code)
