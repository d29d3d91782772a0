"""Perf counters of a daemon."""

from __future__ import annotations

from typing import NamedTuple

from .._proto import types_pb2

GAUGE = 2
"""A whole number that goes up and down."""
COUNTER = 10
"""A whole number that only grows."""


class Counter(NamedTuple):
    """The schema of a perf counter. `kind` is GAUGE or COUNTER. `unit` is 0 for bytes and 1 for none."""

    path: str
    description: str
    kind: int = COUNTER
    unit: int = 1
    priority: int = 5
    nick: str = ""

    def message(self) -> types_pb2.CounterSchema:
        """The schema as a message."""
        return types_pb2.CounterSchema(
            path=self.path,
            description=self.description,
            nick=self.nick,
            type=self.kind,
            priority=self.priority,
            units=self.unit,
        )
