"""The newest values of perf counters, kept as long as they are the newest."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Callable, NamedTuple, Optional, Union

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from ._counters import LONGRUNAVG

MOST_DAEMONS = 1024
"""Daemons whose values are kept at most. The one that was read first is dropped first."""
MOST_SCHEMAS = 256
"""Schemas that are kept at most. Daemons of one type usually share one."""

Point = list[Union[int, float]]
_Positions = dict[str, tuple[int, Optional[int]]]
"""By path: the index of the value and, for a long-run average, the index of the count."""


class _Row(NamedTuple):
    """The values of one daemon."""

    changes: int
    """`LatestCounters._changes` from before the host was asked."""
    time: float
    positions: _Positions
    values: Sequence[int]
    counts: Sequence[int]


class LatestCounters:
    """Reads counters from memory and asks the host only for what is new: once for each daemon after each change.

    After each answer, the host announces once that counters have changed, before anything else that the change causes."""

    def __init__(self, call: Callable[[str, Any], Any]) -> None:
        self._call = call
        self._lock = Lock()
        self._schemas: dict[int, _Positions] = {}
        self._rows: dict[tuple[str, str], _Row] = {}
        self._changes = 0

    def point(self, kind: str, ident: str, path: str) -> Point:
        """[time, value], or [time, sum, count] of a long-run average; [] if there is no such daemon, counter or value."""
        row = self._rows.get((kind, ident))
        if row is None or row.changes != self._changes:
            row = self._read(kind, ident)
        position = row.positions.get(path)
        if position is None:
            return []
        value, count = position
        if count is None:
            return [row.time, row.values[value]]
        return [row.time, row.values[value], row.counts[count]]

    def changed(self) -> None:
        """Makes the next read of each daemon ask the host."""
        with self._lock:
            self._changes += 1

    def _read(self, kind: str, ident: str) -> _Row:
        changes, schemas = self._changes, self._schemas
        daemon = types_pb2.DaemonKey(type=kind, id=ident)
        response = self._call(
            "GetPerfCounters", pb.GetPerfCountersRequest(daemon=daemon, known_schemas=list(schemas), watch=True)
        )
        schemas = {**schemas, **{schema.id: _positions(schema) for schema in response.schemas}}
        row = _Row(changes, 0.0, {}, (), ())
        for packed in response.daemons:
            if packed.time:  # 0 if the daemon has not reported values yet
                row = _Row(changes, packed.time, schemas[packed.schema_id], list(packed.values), list(packed.counts))
        with self._lock:
            # A new dict, because other threads use the one of which they sent the ids to the host.
            self._schemas = dict(list(schemas.items())[-MOST_SCHEMAS:])
            self._rows.pop((kind, ident), None)
            while len(self._rows) >= MOST_DAEMONS:
                del self._rows[next(iter(self._rows))]
            self._rows[kind, ident] = row
        return row


def _positions(schema: pb.PerfSchema) -> _Positions:
    positions: _Positions = {}
    averages = 0
    for index, counter in enumerate(schema.counters):
        averaged = bool(counter.type & LONGRUNAVG)
        if not counter.labels:  # those with labels are not found by path
            positions[counter.path] = (index, averages if averaged else None)
        averages += averaged
    return positions
