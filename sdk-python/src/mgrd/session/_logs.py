"""Sends Python's log records to the host."""

from __future__ import annotations

from logging import CRITICAL, DEBUG, ERROR, INFO, WARNING, Handler, LogRecord

from .._proto import module_host_pb2 as pb
from .._text import bounded, sendable
from ._handled import handled_call
from ._outbox import Outbox

LONGEST = 65536
"""Characters of one record that are sent at most. `mgrd` logs no more bytes of one, unless an operator raises the limit."""

_LEVELS = {
    DEBUG: pb.LOG_LEVEL_DEBUG,
    INFO: pb.LOG_LEVEL_INFO,
    WARNING: pb.LOG_LEVEL_WARNING,
    ERROR: pb.LOG_LEVEL_ERROR,
    CRITICAL: pb.LOG_LEVEL_CRITICAL,
}


def message_level(levelno: int) -> int:
    """The level in messages for a Python level. Between two levels it is the lower one."""
    return _LEVELS[min(max(levelno // 10 * 10, DEBUG), CRITICAL)]


class SessionLogHandler(Handler):
    """Sends records to the host; never waits."""

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox

    def emit(self, record: LogRecord) -> None:
        """Sends one record with its traceback."""
        try:
            self._outbox.log(
                pb.LogRecord(
                    level=message_level(record.levelno),  # type: ignore[arg-type]
                    logger=sendable(bounded(record.name)),
                    message=sendable(bounded(self.format(record), LONGEST)),
                    stamp_us=int(record.created * 1_000_000),
                    call_id=handled_call(),
                )
            )
        except Exception:
            self.handleError(record)
