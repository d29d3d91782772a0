"""The newest values of perf counters, kept as long as they are the newest."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Callable, NamedTuple, Optional, Union

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from ._counters import LONGRUNAVG

DAEMONS = 1024
"""Daemons whose values are kept at most; the one that was asked for first goes first."""
SCHEMAS = 256
"""Schemas that are kept at most; daemons of one type mostly share one."""

Point = list[Union[int, float]]
_Places = dict[str, tuple[int, Optional[int]]]
"""Where each path has its value and, if it is a long-run average, its count."""


class _Row(NamedTuple):
    """The values of one daemon."""

    changes: int
    """`LatestCounters.changes` from before they were asked for."""
    time: float
    places: _Places
    values: Sequence[int]
    counts: Sequence[int]


class LatestCounters:
    """Reads counters from memory, asking the host only for what is new: once per daemon after each change.

    With each answer the host promises to tell, before anything that a change causes, when any counter changes."""

    def __init__(self, call: Callable[[str, Any], Any]) -> None:
        self._call = call
        self._lock = Lock()
        self._schemas: dict[int, _Places] = {}
        self._rows: dict[tuple[str, str], _Row] = {}
        self._changes = 0

    def point(self, kind: str, ident: str, path: str) -> Point:
        """[time, value], or [time, sum, count] of a long-run average; [] if there is no such daemon, counter or value."""
        row = self._rows.get((kind, ident))
        if row is None or row.changes != self._changes:
            row = self._read(kind, ident)
        place = row.places.get(path)
        if place is None:
            return []
        value, count = place
        if count is None:
            return [row.time, row.values[value]]
        return [row.time, row.values[value], row.counts[count]]

    def changed(self) -> None:
        """What is kept is old, or may be."""
        with self._lock:
            self._changes += 1

    def _read(self, kind: str, ident: str) -> _Row:
        changes, schemas = self._changes, self._schemas
        daemon = types_pb2.DaemonKey(type=kind, id=ident)
        response = self._call(
            "GetPerfCounters", pb.GetPerfCountersRequest(daemon=daemon, known_schemas=list(schemas), watch=True)
        )
        schemas = {**schemas, **{schema.id: _places(schema) for schema in response.schemas}}
        row = _Row(changes, 0.0, {}, (), ())
        for packed in response.daemons:
            if packed.time:  # else it has not reported any values yet
                row = _Row(changes, packed.time, schemas[packed.schema_id], list(packed.values), list(packed.counts))
        with self._lock:
            # Replaced, not changed: other threads go by the schemas they said they have.
            self._schemas = dict(list(schemas.items())[-SCHEMAS:])
            self._rows.pop((kind, ident), None)
            while len(self._rows) >= DAEMONS:
                del self._rows[next(iter(self._rows))]
            self._rows[kind, ident] = row
        return row


def _places(schema: pb.PerfSchema) -> _Places:
    places: _Places = {}
    averages = 0
    for at, counter in enumerate(schema.counters):
        averaged = bool(counter.type & LONGRUNAVG)
        if not counter.labels:  # others are not found by path
            places[counter.path] = (at, averages if averaged else None)
        averages += averaged
    return places
