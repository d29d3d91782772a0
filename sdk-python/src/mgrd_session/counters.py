"""Perf counters of all daemons in one call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from mgrd_v1 import module_host_pb2 as pb
from mgrd_v1 import types_pb2

LONGRUNAVG = 4

_Column = tuple[str, dict[str, Any], bool]


class Counters:
    """Unpacks bulk reads; keeps the schemas, which many daemons share and which never change."""

    def __init__(self, call: Callable[[str, Any], Any]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._schemas: dict[int, list[_Column]] = {}

    def all(self, min_priority: int, types: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
        """Per daemon and path the schema with the latest `value`, and `count` for long-run averages."""
        request = pb.GetPerfCountersRequest(
            min_priority=max(min_priority, 0), types=types, known_schemas=list(self._schemas)
        )
        response = self._call("GetPerfCounters", request)
        with self._lock:
            for schema in response.schemas:
                self._schemas[schema.id] = [_column(counter) for counter in schema.counters]
        daemons = (
            (f"{packed.daemon.type}.{packed.daemon.id}", self._unpack(packed, min_priority))
            for packed in response.daemons
        )
        return {name: counters for name, counters in daemons if counters}

    def _unpack(self, packed: pb.PackedCounters, min_priority: int) -> dict[str, dict[str, Any]]:
        result = {}
        counts = iter(packed.counts)
        for (path, schema, averaged), value in zip(self._schemas[packed.schema_id], packed.values):
            count = next(counts, 0) if averaged else None
            if schema["priority"] < min_priority:
                continue
            entry = result[path] = dict(schema)
            entry["value"] = value
            if count is not None:
                entry["count"] = count
        return result


def _column(counter: types_pb2.CounterSchema) -> _Column:
    schema: dict[str, Any] = {"description": counter.description}
    if counter.nick:
        schema["nick"] = counter.nick
    schema.update(type=counter.type, priority=counter.priority, units=counter.units)
    return counter.path, schema, bool(counter.type & LONGRUNAVG)
