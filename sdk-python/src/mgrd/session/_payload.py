"""Arguments and results of remote calls: JSON, or pickle between Python modules that both agreed to it."""

from __future__ import annotations

from json import dumps, loads
from pickle import dumps as pickle_dumps
from pickle import loads as pickle_loads
from typing import Any, Optional

from .._proto import types_pb2

PICKLE = "pickle"
FEATURE = "payload:pickle"
THREW = "Remote method threw exception: "
"""How the text of a remote call begins whose method raised."""


def encode(value: Any, rich: bool) -> types_pb2.Payload:
    """Packs a value. Where `rich` values were agreed, each keeps its type; else a tuple arrives as a list, and TypeError
    names what JSON cannot carry."""
    if rich and not _comes_back(value):
        return types_pb2.Payload(data=pickle_dumps(value, protocol=4), encoding=PICKLE)
    problem = _not_json(value, "value")
    if problem is None:
        return types_pb2.Payload(data=dumps(value, separators=(",", ":")).encode())
    raise TypeError(
        f"{problem}; JSON cannot carry it between modules: pass texts, numbers, lists and dicts with text keys, or set "
        "REMOTE_PICKLE = True in the classes of both modules"
    )


def decode(payload: types_pb2.Payload, rich: bool, empty: Any = None) -> Any:
    """Unpacks a value; `empty` stands for a payload without data. Raises TypeError for one that was not agreed to."""
    if not payload.data:
        return empty
    if payload.encoding == PICKLE:
        if not rich:
            raise TypeError("a value came pickled, which this module did not agree to with REMOTE_PICKLE = True")
        return pickle_loads(payload.data)
    if payload.encoding:
        raise TypeError(f"a value came in the encoding '{payload.encoding}', which this module does not know")
    return loads(payload.data)


def _comes_back(value: Any) -> bool:
    """Whether JSON brings the value back with the same types."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str and _comes_back(item) for key, item in value.items())
    if kind is list:
        return all(map(_comes_back, value))
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
