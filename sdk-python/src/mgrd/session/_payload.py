"""Arguments and results of remote calls: JSON, or pickle between Python modules that both agreed to it."""

from __future__ import annotations

from json import dumps, loads
from pickle import dumps as pickle_dumps
from pickle import loads as pickle_loads
from typing import Any, Optional

from .._proto import types_pb2

PICKLE = "pickle"
PICKLE_FEATURE = "payload:pickle"
RAISED = "Remote method threw exception: "
"""The beginning of the error text when the called method raised an exception."""


def encode(value: Any, rich: bool) -> types_pb2.Payload:
    """Packs a value. If both modules allow `rich` values, each value keeps its type. Otherwise a tuple arrives as a list,
    and a value that JSON cannot carry raises TypeError."""
    if rich and not _survives_json(value):
        return types_pb2.Payload(data=pickle_dumps(value, protocol=4), encoding=PICKLE)
    problem = _not_json(value, "value")
    if problem is None:
        return types_pb2.Payload(data=dumps(value, separators=(",", ":")).encode())
    raise TypeError(
        f"{problem}; JSON cannot carry it between modules: pass texts, numbers, lists and dicts with text keys, or set "
        "REMOTE_PICKLE = True in the classes of both modules"
    )


def decode(payload: types_pb2.Payload, rich: bool, empty: Any = None) -> Any:
    """Unpacks a value; `empty` is the value of a payload without data. Raises TypeError for another encoding."""
    if not payload.data:
        return empty
    if payload.encoding == PICKLE:
        if not rich:
            raise TypeError("the value is pickled, but this module does not allow that with REMOTE_PICKLE = True")
        return pickle_loads(payload.data)
    if payload.encoding:
        raise TypeError(f"the value has the encoding '{payload.encoding}', which this module does not know")
    return loads(payload.data)


def _survives_json(value: Any) -> bool:
    """Whether the value has the same types after JSON."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str and _survives_json(item) for key, item in value.items())
    if kind is list:
        return all(map(_survives_json, value))
    return kind in (str, int, float, bool, type(None))


def _not_json(value: Any, path: str) -> Optional[str]:
    if value is None or isinstance(value, (str, bool, int, float)):
        return None
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                return f"{path} has the key {key!r}, a {type(key).__name__}"
            problem = _not_json(item, f"{path}[{key!r}]")
            if problem:
                return problem
        return None
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            problem = _not_json(item, f"{path}[{index}]")
            if problem:
                return problem
        return None
    return f"{path} is a {type(value).__name__}"
