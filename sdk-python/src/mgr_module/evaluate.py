"""Evaluates Python inside a running module."""

from __future__ import annotations

import contextlib
import errno
import io
import threading
import traceback
from code import InteractiveInterpreter
from typing import Any, Dict

from .commands import CLICommand
from .module import MgrModule
from .results import HandleCommandResult


class _ThreadOutput(io.TextIOBase):
    """A standard output that each thread can replace for itself."""

    def __init__(self, rest: Any) -> None:
        self._rest = rest
        self.mine = threading.local()

    def write(self, text: str) -> int:
        """Writes to the output of this thread, or to the original one."""
        written: int = getattr(self.mine, "output", self._rest).write(text)
        return written

    def flush(self) -> None:
        """Flushes it."""
        getattr(self.mine, "output", self._rest).flush()


CONSOLES = 32
"""Consoles whose variables a module keeps, at most. Those that were used last are kept."""


class MgrEvalMixin(MgrModule):
    """Adds the command `mgr <module> eval` to a module, for `mgrctl repl --prefix "mgr <module> eval"`. The input data is
    Python source, in which `mgr` is the module. The command is refused unless the operator allows it."""

    EVAL_PREFIX = ""
    """Other words for the command, if not empty."""

    def __init__(self, module_name: str, py_modules_ptr: object, this_ptr: Any) -> None:
        super().__init__(module_name, py_modules_ptr, this_ptr)
        self._eval_namespaces: Dict[str, Dict[str, Any]] = {}

    @classmethod
    def _register_commands(cls, module_name: str) -> None:
        CLICommand(cls.EVAL_PREFIX or f"mgr {module_name} eval", perm="rw")(cls._eval_command)
        super()._register_commands(module_name)

    def _eval_command(self, console: str = "", inbuf: str = "") -> HandleCommandResult:
        """Run Python source inside the module"""
        if not self._session.constants.allow_eval:
            return HandleCommandResult(
                -errno.EPERM,
                "",
                "evaluation inside modules is off; the operator can allow it by starting mgrd with --allow-eval",
            )
        namespace = self._eval_namespaces.pop(console, {"mgr": self, "__name__": "__console__"})
        self._eval_namespaces[console] = namespace
        if len(self._eval_namespaces) > CONSOLES:
            del self._eval_namespaces[next(iter(self._eval_namespaces))]
        return evaluate(inbuf, namespace)


class _Interpreter(InteractiveInterpreter):
    """Writes errors to the output, even if the module has set hooks."""

    def __init__(self, namespace: Dict[str, Any], output: io.StringIO) -> None:
        super().__init__(namespace)
        self._output = output

    def showtraceback(self) -> None:
        """Writes the traceback of the current exception."""
        self._output.write(traceback.format_exc())


def evaluate(source: str, namespace: Dict[str, Any]) -> HandleCommandResult:
    """Runs source as an interactive prompt does. The output is what it printed. Incomplete source is an error."""
    output = io.StringIO()
    interpreter = _Interpreter(namespace, output)
    try:
        code = interpreter.compile(source, "<console>", "single")
    except (OverflowError, SyntaxError, ValueError):
        try:
            code = compile(source, "<console>", "exec")
        except (OverflowError, SyntaxError, ValueError) as error:
            text = "".join(traceback.format_exception_only(type(error), error))
            return HandleCommandResult(-errno.EINVAL, "", text.strip())
    if code is None:
        return HandleCommandResult(-errno.EINVAL, "", "the input is not complete")
    with _printing_to(output):
        interpreter.runcode(code)
    return HandleCommandResult(0, output.getvalue(), "")


@contextlib.contextmanager
def _printing_to(output: io.StringIO) -> Any:
    import sys

    if not isinstance(sys.stdout, _ThreadOutput):
        sys.stdout = _ThreadOutput(sys.stdout)
    shared: Any = sys.stdout
    shared.mine.output = output
    try:
        yield
    finally:
        del shared.mine.output
