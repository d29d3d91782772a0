"""Calls from one module to another."""

from __future__ import annotations

import traceback
from typing import Any

from mgrd import HostError, Status
from mgrd._proto import module_host_pb2 as pb
from mgrd.session import RAISED, Session, decode, encode


def call(session: Session, module: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a method and waits. Raises ImportError if the module is not enabled, NameError if it has no such method, and
    RuntimeError if the method raised an exception or did not answer in time."""
    try:
        return _call(session, module, method, args, kwargs, session.rich_payloads)
    except _NotRich as refused:
        try:
            return _call(session, module, method, args, kwargs, False)
        except TypeError:
            raise RuntimeError(str(refused)) from None


class _NotRich(Exception):
    """The other module does not accept values that JSON cannot carry. It was not called."""


def _call(session: Session, module: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], rich: bool) -> Any:
    payloads = [encode(list(args), rich), encode(kwargs, rich)]
    request = pb.CallModuleRequest(
        module=module,
        method=method,
        args=payloads[0],
        kwargs=payloads[1],
        chain=getattr(session.calling, "chain", ()),
    )
    try:
        answer = session.call("CallModule", request)
    except HostError as error:
        pickled = any(payload.encoding for payload in payloads)
        if pickled and error.status is Status.INVALID_ARGUMENT:
            raise _NotRich(str(error)) from None
        raise _as_python(error) from None
    return decode(answer.value, session.rich_payloads)


def call_self(instance: Any, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a method of the module itself, on this thread."""
    target = getattr(instance, method, None)
    if target is None:
        raise NameError(f"Method not found: the module '{instance.module_name}' has no '{method}'")
    try:
        return target(*args, **kwargs)
    except Exception:
        raise RuntimeError(RAISED + traceback.format_exc()) from None


def _as_python(error: HostError) -> Exception:
    text = str(error)
    if error.status is Status.NOT_FOUND:
        return ImportError(text)
    if error.status is Status.UNIMPLEMENTED:
        return NameError(text)
    if error.status is Status.UNKNOWN:
        return RuntimeError(text if text.startswith(RAISED) else RAISED + text)
    return RuntimeError(text)
