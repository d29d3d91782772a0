"""How commands end: those a module answers, and those it sends."""

from __future__ import annotations

import threading
from typing import Callable, NamedTuple, Optional, Tuple

ERROR_MSG_EMPTY_INPUT_FILE = "Empty input file"
ERROR_MSG_NO_INPUT_FILE = "Input file not specified"

HandlerFuncType = Callable[..., Tuple[int, str, str]]


class HandleCommandResult(NamedTuple):
    """The answer of a command: 0 or a negative errno, the output, and the text for people."""

    retval: int = 0
    stdout: str = ""
    stderr: str = ""


class MonCommandFailed(RuntimeError):
    """A command of the cluster ended with an error."""


class CommandResult:
    """The answer to a command that was sent, when it has come."""

    def __init__(self, tag: Optional[str] = None) -> None:
        self.ev = threading.Event()
        self.r = 0
        self.outb = ""
        self.outs = ""
        self.tag = tag or ""

    def complete(self, r: int, outb: str, outs: str) -> None:
        """Called once, by whoever has the answer."""
        self.r, self.outb, self.outs = r, outb, outs
        self.ev.set()

    def wait(self, timeout: Optional[float] = None) -> Tuple[int, str, str]:
        """Waits for the answer: (retval, output, text for people). Raises TimeoutError after `timeout` seconds."""
        if not self.ev.wait(timeout):
            raise TimeoutError(f"no answer within {timeout} s")
        return self.r, self.outb, self.outs
