"""Calls the methods of a module. Each call has exactly one result."""

from __future__ import annotations

from errno import EFBIG, EINVAL
from json import loads
from typing import Any

from google.protobuf.message import Message

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from .._text import described, sendable
from ..session import PICKLE, RAISED, Session, decode, encode
from ._tracebacks import format_error, format_error_for_caller

OVERHEAD = 1024
"""The most bytes that a message has in addition to its outcome."""


def run_command(instance: Any, command: pb.Command) -> types_pb2.CommandOutcome:
    """The outcome of a command. An exception becomes -EINVAL with its traceback, and so does a result of the wrong type."""
    try:
        args = loads(command.args or b"{}")
        args.setdefault("prefix", command.prefix)
        try:
            inbuf = command.input.decode() if command.has_input else None
        except UnicodeDecodeError as error:
            return _failed(
                f"the input data of '{command.prefix}' is not UTF-8 text, which modules in Python need: {error}"
            )
        return _outcome(command.prefix, instance._handle_command(inbuf, args))
    except BaseException as error:
        return _failed(format_error(error))


def limited(outcome: types_pb2.CommandOutcome, max_bytes: int) -> types_pb2.CommandOutcome:
    """The outcome, or EFBIG if it does not fit into a message. 0 means that there is no limit."""
    excess = _excess("the output", outcome, max_bytes)
    return types_pb2.CommandOutcome(retval=-EFBIG, stderr=excess) if excess else outcome


def limited_remote(call: pb.RemoteCall, result: pb.RemoteResult, max_bytes: int) -> pb.RemoteResult:
    """The result, or an error if it does not fit into a message. 0 means that there is no limit."""
    excess = _excess(f"the result of '{call.method}'", result, max_bytes)
    return _error(call, pb.REMOTE_ERROR_KIND_RAISED, RAISED + excess) if excess else result


def _excess(what: str, message: Message, max_bytes: int) -> str:
    """Why `what` does not fit into a message; empty if it does."""
    size, limit = message.ByteSize(), max_bytes - OVERHEAD
    if not max_bytes or size <= limit:
        return ""
    return f"{what} has {size} bytes, but a message to mgrd has room for {limit}; return less"


def run_remote(session: Session, instance: Any, call: pb.RemoteCall) -> pb.RemoteResult:
    """The result of another module's call."""
    method = getattr(instance, call.method, None)
    if method is None:
        text = f"Method not found: the module '{session.module}' has no '{call.method}'"
        return _error(call, pb.REMOTE_ERROR_KIND_NO_METHOD, text)
    session.calling.chain = list(call.chain)
    try:
        rich = session.rich_payloads
        value = method(*decode(call.args, rich, empty=[]), **decode(call.kwargs, rich, empty={}))
        return pb.RemoteResult(call_id=call.call_id, value=encode(value, rich and PICKLE in call.encodings))
    except BaseException as error:
        return _error(call, pb.REMOTE_ERROR_KIND_RAISED, RAISED + format_error_for_caller(error))
    finally:
        session.calling.chain = []


def refused(call: pb.RemoteCall, text: str) -> pb.RemoteResult:
    """The result of a call that the module does not get."""
    return _error(call, pb.REMOTE_ERROR_KIND_RAISED, RAISED + text)


def _error(call: pb.RemoteCall, kind: Any, text: str) -> pb.RemoteResult:
    return pb.RemoteResult(call_id=call.call_id, error=pb.RemoteError(kind=kind, message=text))


def _outcome(prefix: str, result: Any) -> types_pb2.CommandOutcome:
    if not (isinstance(result, tuple) and len(result) == 3):
        return _failed(f"'{prefix}' returned {described(result)} instead of (retval, stdout, stderr)")
    retval, stdout, stderr = result
    if not isinstance(retval, int) or not -(2**31) <= retval < 2**31:
        return _failed(f"'{prefix}' returned {described(retval)} as retval, which must be 0 or a negative errno")
    if isinstance(stdout, str):
        stdout = stdout.encode("utf-8", "surrogateescape")
    if not isinstance(stdout, bytes):
        return _failed(f"'{prefix}' returned {described(stdout)} as stdout, which must be str")
    if not isinstance(stderr, str):
        return _failed(f"'{prefix}' returned {described(stderr)} as stderr, which must be str")
    return types_pb2.CommandOutcome(retval=int(retval), stdout=stdout, stderr=sendable(stderr))


def _failed(text: str) -> types_pb2.CommandOutcome:
    return types_pb2.CommandOutcome(retval=-EINVAL, stderr=sendable(text.rstrip("\n")))
