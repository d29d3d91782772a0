"""Evaluates expressions over `self`, in all places from which a module can call its host."""

import json
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from mgr_module import CLIReadCommand, MgrModule, Option

ASKED: List[str] = json.loads(Path(__file__).with_name("expressions.json").read_text())
"""What to evaluate before commands can arrive."""


class Probe(MgrModule):
    MODULE_OPTIONS = [Option("late", type="int", default=1)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: List[Tuple[str, Any]] = []
        self.in_init = self.answers()
        self.in_serve: Dict[str, Any] = {}
        self.served = threading.Event()

    def serve(self) -> None:
        self.in_serve = self.answers()
        self.served.set()

    def notify(self, notify_type: str, notify_id: Any) -> None:
        self.told.append((notify_type, notify_id))

    def answers(self) -> Dict[str, Any]:
        return {asked: self.answer(asked) for asked in ASKED}

    def answer(self, asked: str) -> Any:
        """The value of the last line, before which the others are executed; or what it raised."""
        *before, last = asked.splitlines()
        names = {"self": self, "json": json}
        try:
            exec("\n".join(before), names)
            return eval(last, names)
        except Exception as error:
            return {"raised": type(error).__name__, "is": [base.__name__ for base in type(error).__mro__], "text": str(error)}

    def on_a_thread(self, do: Callable[[], Any]) -> Any:
        done: List[Any] = []
        thread = threading.Thread(target=lambda: done.append(do()))
        thread.start()
        thread.join()
        return done[0]

    @CLIReadCommand("probe ask")
    def ask(self, inbuf: str) -> Tuple[int, str, str]:
        """Evaluate an expression; JSON, in which only int, float, str, bool, None, list and dict are themselves"""
        return 0, json.dumps(self.answer(inbuf)), ""

    @CLIReadCommand("probe show")
    def show(self, inbuf: str) -> Tuple[int, str, str]:
        """Evaluate an expression; as Python writes it"""
        return 0, repr(self.answer(inbuf)), ""

    @CLIReadCommand("probe answers")
    def show_answers(self, where: str) -> Tuple[int, str, str]:
        """What the expressions gave in init, in serve, in a command or on a thread of the module's own"""
        self.served.wait()
        ways: Dict[str, Callable[[], Dict[str, Any]]] = {
            "init": lambda: self.in_init,
            "serve": lambda: self.in_serve,
            "command": self.answers,
            "thread": lambda: self.on_a_thread(self.answers),
        }
        return 0, json.dumps(ways[where]()), ""
