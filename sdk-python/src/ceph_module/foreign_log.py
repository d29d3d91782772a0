"""Log lines of Ceph's `mgr_module`, which formats its records itself."""

from __future__ import annotations

import logging
import re

from mgrd._proto import module_host_pb2 as pb
from mgrd.session import Session, message_level

_LINE = re.compile(r"\[\S+ (?P<level>[A-Z]+) *(?P<logger>\S*)\] (?P<message>.*)", re.DOTALL)


def send(session: Session, line: str) -> None:
    """Sends a line with the level and the logger that it names. From the first line on, records themselves are not sent."""
    logging.getLogger().removeHandler(session.log_handler)
    match = _LINE.match(line)
    level, logger, message = match.group("level", "logger", "message") if match else ("INFO", "", line)
    levelno = logging.getLevelName(level)
    record = pb.LogRecord(
        level=message_level(levelno if isinstance(levelno, int) else logging.INFO),  # type: ignore[arg-type]
        logger="" if logger == "root" else logger,
        message=message.rstrip("\n"),
    )
    session.outbox.log(record)
