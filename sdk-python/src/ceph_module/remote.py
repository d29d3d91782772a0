"""Calls from one module to another."""

from __future__ import annotations

import traceback
from typing import Any

import grpc

from mgrd_session import HostError, Session
from mgrd_session.payload import THREW, decode, encode
from mgrd_v1 import module_host_pb2 as pb


def call(session: Session, module: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls and waits. ImportError: the module is not enabled; NameError: it has no such method; RuntimeError: the method
    raised, or did not answer in time."""
    request = pb.CallModuleRequest(
        module=module,
        method=method,
        args=encode(list(args), session.rich_payloads),
        kwargs=encode(kwargs, session.rich_payloads),
        chain=getattr(session.calling, "chain", ()),
    )
    try:
        return decode(session.call("CallModule", request).value, session.rich_payloads)
    except HostError as error:
        raise _as_python(error) from None


def call_self(instance: Any, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a method of the module itself, on this thread: nothing to wait for, nothing to lock."""
    target = getattr(instance, method, None)
    if target is None:
        raise NameError(f"Method not found: the module '{instance.module_name}' has no '{method}'")
    try:
        return target(*args, **kwargs)
    except Exception:
        raise RuntimeError(THREW + traceback.format_exc()) from None


def _as_python(error: HostError) -> Exception:
    text = str(error)
    if error.code is grpc.StatusCode.NOT_FOUND:
        return ImportError(text)
    if error.code is grpc.StatusCode.UNIMPLEMENTED:
        return NameError(text)
    if error.code is grpc.StatusCode.UNKNOWN:
        return RuntimeError(text if text.startswith(THREW) else THREW + text)
    return RuntimeError(text)
