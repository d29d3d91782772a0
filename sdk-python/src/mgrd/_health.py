"""Turns the dicts of health checks into messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from logging import getLogger
from typing import Any, Optional

from ._proto import module_host_pb2 as pb
from ._proto import types_pb2
from ._text import described, sendable

_log = getLogger("mgrd")

_SEVERITIES = {"warning": types_pb2.HEALTH_SEVERITY_WARNING, "error": types_pb2.HEALTH_SEVERITY_ERROR}
_LINES = (list, tuple)
_FIELDS: dict[Any, Any] = {"severity": str, "summary": str, "count": int, "detail": _LINES}
_MOST = 2**63 - 1


def checks_request(checks: Any) -> Optional[pb.SetHealthChecksRequest]:
    """The request for a set of checks; None if `checks` is not a dict. What does not fit is left out and logged, because a
    check with a mistake is still worth showing, and to report a problem must not cause another one."""
    if not isinstance(checks, dict):
        _log.error("set_health_checks: expected a dict of checks, got %s; nothing changed", type(checks).__name__)
        return None
    request = pb.SetHealthChecksRequest()
    for code, check in checks.items():
        if not isinstance(code, str) or not isinstance(check, dict):
            _log.error("set_health_checks: %r is left out: a check is a dict under a text code", code)
            continue
        request.checks.append(_check(code, check))
    return request


def _check(code: str, check: dict[str, Any]) -> types_pb2.HealthCheck:
    fields: dict[str, Any] = {}
    for name, value in check.items():
        kind = _FIELDS.get(name)
        if kind is None:
            _log.error("set_health_checks: %s: the key %r is left out; a check has %s", code, name, ", ".join(_FIELDS))
        elif not isinstance(value, kind) or (kind is int and abs(value) > _MOST):
            _log.error("set_health_checks: %s: the key %r with the %s is left out", code, name, described(value))
        elif kind is _LINES:
            fields[name] = list(_texts(code, value))
        else:
            fields[name] = sendable(value) if kind is str else value
    severity = fields.pop("severity", None)
    if severity not in _SEVERITIES:
        _log.error("set_health_checks: %s: severity is %r, neither 'warning' nor 'error'", code, severity)
    return types_pb2.HealthCheck(
        code=sendable(code), severity=_SEVERITIES.get(str(severity), types_pb2.HEALTH_SEVERITY_UNSPECIFIED), **fields
    )


def _texts(code: str, lines: Iterable[Any]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, str):
            yield sendable(line)
        else:
            _log.error(
                "set_health_checks: %s: a line of 'detail' is left out, because it is the %s", code, described(line)
            )
