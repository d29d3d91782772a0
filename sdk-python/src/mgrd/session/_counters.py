"""Perf counters of all daemons in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2

LONGRUNAVG = 4

Labels = tuple[tuple[str, str], ...]
_Column = tuple[str, Labels, dict[str, Any], bool]
_Row = tuple[str, Labels, dict[str, Any]]


class Counters:
    """Reads the counters of all daemons. It keeps the schemas, which many daemons share and which never change."""

    def __init__(self, call: Callable[[str, Any], Any]) -> None:
        self._call = call
        self._lock = Lock()
        self._schemas: dict[int, list[_Column]] = {}

    def all(self, min_priority: int, types: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
        """By daemon and path: the schema with the latest `value`, and `count` for long-run averages. Counters with labels
        are left out."""
        daemons = {
            name: {path: entry for path, labels, entry in rows if not labels}
            for name, rows in self._read(min_priority, types)
        }
        return {name: counters for name, counters in daemons.items() if counters}

    def labelled(self, min_priority: int, types: Sequence[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The same with all counters: {daemon: {group: [{"labels": {…}, "counters": {name: …}}]}}."""
        return {name: _tree(rows) for name, rows in self._read(min_priority, types) if rows}

    def _read(self, min_priority: int, types: Sequence[str]) -> list[tuple[str, list[_Row]]]:
        request = pb.GetPerfCountersRequest(
            min_priority=max(min_priority, 0), types=types, known_schemas=list(self._schemas)
        )
        response = self._call("GetPerfCounters", request)
        with self._lock:
            for schema in response.schemas:
                self._schemas[schema.id] = [_column(counter) for counter in schema.counters]
        return [
            (f"{packed.daemon.type}.{packed.daemon.id}", self._unpack(packed, min_priority))
            for packed in response.daemons
        ]

    def _unpack(self, packed: pb.PackedCounters, min_priority: int) -> list[_Row]:
        result = []
        counts = iter(packed.counts)
        for (path, labels, schema, averaged), value in zip(self._schemas[packed.schema_id], packed.values):
            count = next(counts, 0) if averaged else None
            if schema["priority"] < min_priority:
                continue
            entry = dict(schema)
            entry["value"] = value
            if count is not None:
                entry["count"] = count
            result.append((path, labels, entry))
        return result


def _column(counter: types_pb2.CounterSchema) -> _Column:
    schema: dict[str, Any] = {"description": counter.description}
    if counter.nick:
        schema["nick"] = counter.nick
    schema.update(type=counter.type, priority=counter.priority, units=counter.units)
    labels = tuple(sorted(counter.labels.items()))
    return counter.path, labels, schema, bool(counter.type & LONGRUNAVG)


def _tree(rows: list[_Row]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, dict[Labels, dict[str, Any]]] = {}
    for path, labels, entry in rows:
        group, _, name = path.rpartition(".")
        groups.setdefault(group, {}).setdefault(labels, {})[name] = entry
    return {
        group: [{"labels": dict(labels), "counters": counters} for labels, counters in found.items()]
        for group, found in groups.items()
    }
