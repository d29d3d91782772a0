"""Results of commands: of those that a module answers, and of those that it sends."""

from __future__ import annotations

import threading
from typing import Callable, NamedTuple, Optional, Tuple

ERROR_MSG_EMPTY_INPUT_FILE = "Empty input file"
ERROR_MSG_NO_INPUT_FILE = "Input file not specified"

HandlerFuncType = Callable[..., Tuple[int, str, str]]


class HandleCommandResult(NamedTuple):
    """The result of a command: 0 or a negative errno, the output, and the error text."""

    retval: int = 0
    stdout: str = ""
    stderr: str = ""


class MonCommandFailed(RuntimeError):
    """A command of the cluster ended with an error."""


class CommandResult:
    """The result of a command that a module sent. It can be awaited."""

    def __init__(self, tag: Optional[str] = None) -> None:
        self.ev = threading.Event()
        self.r = 0
        self.outb = ""
        self.outs = ""
        self.tag = tag or ""

    def complete(self, r: int, outb: str, outs: str) -> None:
        """Sets the result. It is called once."""
        self.r, self.outb, self.outs = r, outb, outs
        self.ev.set()

    def wait(self, timeout: Optional[float] = None) -> Tuple[int, str, str]:
        """Waits for the result: (retval, output, error text). Raises TimeoutError after `timeout` seconds."""
        if not self.ev.wait(timeout):
            raise TimeoutError(f"there was no result within {timeout} s")
        return self.r, self.outb, self.outs
