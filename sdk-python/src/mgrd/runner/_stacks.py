"""Shows what the threads of this process do, when `mgrd` asks for it."""

from __future__ import annotations

import sys
from faulthandler import register
from os import environ, read, set_blocking, set_inheritable, write
from select import POLLIN, POLLOUT, poll
from signal import SIGUSR2
from threading import Thread, enumerate, get_ident, main_thread
from traceback import format_stack
from typing import Optional

from .._text import sendable

WRITE_SECONDS = 1.0
"""How long `mgrd` may take to read a part of the answer."""


def answer_for_stacks() -> None:
    """Answers on the channel of the environment. If the interpreter cannot, a signal handler does, which needs no lock.

    The handler writes many small pieces. They fit into the pipe of the environment, which never makes it wait. Without
    a pipe, as in a debugger, the handler writes to stderr.
    """
    pipe, channel = _descriptor("MGRD_STACKS_PIPE_FD"), _descriptor("MGRD_STACKS_FD")
    register(SIGUSR2, file=sys.stderr if pipe is None else pipe, all_threads=True)
    if channel is not None:
        set_blocking(channel, False)
        Thread(target=_answer, args=(channel,), name="stacks", daemon=True).start()


def _descriptor(variable: str) -> Optional[int]:
    number = environ.pop(variable, "")
    if not number.isdigit():
        return None
    # No program that this one starts gets it.
    set_inheritable(int(number), False)
    return int(number)


def _answer(fd: int) -> None:
    requests = poll()
    requests.register(fd, POLLIN)
    while requests.poll():
        try:
            if not read(fd, 64):
                return
            _send(fd, sendable(stacks()).encode() + b"\0")
        except BlockingIOError:
            pass
        except OSError:
            return


def _send(fd: int, answer: bytes) -> None:
    room = poll()
    room.register(fd, POLLOUT)
    while answer and room.poll(WRITE_SECONDS * 1000):
        answer = answer[write(fd, answer) :]


def stacks() -> str:
    """The stack of each thread, the main thread first, and in each the newest call last."""
    names = {thread.ident: (thread.name, thread.native_id) for thread in enumerate()}
    parts = []
    first = main_thread().ident
    for ident, frame in sorted(sys._current_frames().items(), key=lambda found: found[0] != first):
        if ident != get_ident():
            name, number = names.get(ident, ("of another library", None))
            parts.append(f"thread {number or ident} {name}:\n" + "".join(format_stack(frame)))
    return "\n".join(parts)
