"""How a module process ends."""

from __future__ import annotations

import sys
from contextlib import suppress
from os import _exit
from threading import Event, Lock
from typing import NoReturn, Optional

from ..session import Session

CANNOT_RUN = 77
PROTOCOL_MISMATCH = 78
_ending = Lock()


def exit_process(status: int, session: Optional[Session] = None) -> NoReturn:
    """Ends the process now, whatever its threads do. If there is a session, it first sends what still waits.

    Only the first thread that calls this has an effect: ending the session also ends the stream, and the thread that
    reads the stream must not end the process before everything is sent.
    """
    if not _ending.acquire(blocking=False):
        Event().wait()
    if session is not None:
        session.finish()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):  # the module may have put anything there
            stream.flush()
    _exit(status)
