"""What a daemon counts."""

from __future__ import annotations

from typing import NamedTuple

from .._proto import types_pb2

GAUGE = 2
"""A whole number that goes up and down."""
COUNTER = 10
"""A whole number that only grows."""


class Counter(NamedTuple):
    """The schema of one counter. `kind` is GAUGE or COUNTER; `unit` 0 is bytes, 1 none."""

    path: str
    description: str
    kind: int = COUNTER
    unit: int = 1
    priority: int = 5
    nick: str = ""

    def message(self) -> types_pb2.CounterSchema:
        """As the contract has it."""
        return types_pb2.CounterSchema(
            path=self.path,
            description=self.description,
            nick=self.nick,
            type=self.kind,
            priority=self.priority,
            units=self.unit,
        )
