"""Health checks: from the dicts of the module to the host's messages."""

from __future__ import annotations

import logging
from typing import Any, Optional

from mgrd_v1 import module_host_pb2 as pb
from mgrd_v1 import types_pb2

_log = logging.getLogger("mgrd")

_SEVERITIES = {"warning": types_pb2.HEALTH_SEVERITY_WARNING, "error": types_pb2.HEALTH_SEVERITY_ERROR}
_FIELDS = {"severity": str, "summary": str, "count": int, "detail": list}


def checks_request(checks: Any) -> Optional[pb.SetHealthChecksRequest]:
    """The request for a set of checks; None if it is none. What does not fit is left out and logged: a check with a flaw
    is still worth showing, and reporting a problem must not become one."""
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
    fields = {}
    for name, value in check.items():
        kind = _FIELDS.get(name)
        if kind is list and isinstance(value, (list, tuple)):
            value = [line for line in value if isinstance(line, str)]
        elif kind is None or not isinstance(value, kind):
            _log.error("set_health_checks: %s: the field %r with a %s is left out", code, name, type(value).__name__)
            continue
        fields[name] = value
    severity = fields.pop("severity", None)
    if severity not in _SEVERITIES:
        _log.error("set_health_checks: %s: severity is %r, neither 'warning' nor 'error'", code, severity)
    return types_pb2.HealthCheck(
        code=code, severity=_SEVERITIES.get(str(severity), types_pb2.HEALTH_SEVERITY_UNSPECIFIED), **fields
    )
