"""Written from the module guide alone."""
import errno
import threading
from enum import Enum
from typing import Any, Dict, List, Optional, Tuple

from mgr_module import (CLICommand, CLIReadCommand, CLIWriteCommand, CommandResult, HandleCommandResult, MgrModule,
                        Option)
from object_format import EmptyResponder, ErrorResponse, Responder


class Colour(Enum):
    red = "red"
    green = "green"


class Guide(MgrModule):
    MODULE_OPTIONS = [
        Option(name="level", type="int", default=3, min=0, max=10),
        Option(name="mood", type="str", default="calm", enum_allowed=["calm", "wild"]),
    ]
    COMMANDS = [{"cmd": "guide old name=word,type=CephString", "desc": "The older way", "perm": "r"}]
    NOTIFY_TYPES = ["osd_map"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: List[Tuple[int, bool]] = []
        self.event = threading.Event()
        self.at_birth = self.get_module_option("level")

    def serve(self) -> None:
        self.log.info("serving")
        self.event.wait()

    def shutdown(self) -> None:
        self.event.set()

    def notify(self, notify_type: str, notify_id: Any) -> None:
        epoch = self.get("osd_map")["epoch"]
        self.seen.append((notify_id, epoch))

    def handle_command(self, inbuf: str, cmd: Dict[str, Any]) -> Tuple[int, str, str]:
        return 0, f"old {cmd['word']}", ""

    @CLIReadCommand("guide level")
    def level(self) -> HandleCommandResult:
        """Show the level"""
        return HandleCommandResult(stdout=f"{self.get_module_option('level')} {self.get_module_option('mood')}")

    @CLIWriteCommand("guide level set")
    def set_level(self, level: int) -> HandleCommandResult:
        """Set the level"""
        self.set_module_option("level", level)
        return HandleCommandResult(stdout=str(self.get_module_option("level")))

    @CLICommand("guide paint", perm="rw")
    def paint(self, colour: Colour, times: int = 1, loud: bool = False, names: Optional[List[str]] = None) -> Tuple[int, str, str]:
        """Paint"""
        return 0, f"{colour.value} {times} {loud} {names}", "painted"

    @CLICommand("guide wormholes", perm="r")
    @Responder()
    def wormholes(self) -> Dict[str, Any]:
        """A structured answer"""
        return {"gravitons": 999, "names": ["a", "b"]}

    @CLICommand("guide refuse", perm="r")
    @EmptyResponder()
    def refuse(self, how: str) -> None:
        """Fail on purpose"""
        if how == "kindly":
            raise ErrorResponse("no such thing", return_value=-errno.ENOENT)
        if how == "badly":
            raise KeyError("a mistake")

    @CLICommand("guide nothing", perm="r")
    def nothing(self) -> None:  # type: ignore
        """Answer with nothing"""

    @CLICommand("guide put", perm="rw")
    def put(self, key: str, value: Optional[str] = None, inbuf: Optional[str] = None) -> HandleCommandResult:
        """Write to the store"""
        self.set_store(key, value or inbuf)
        return HandleCommandResult(stdout=str(self.get_store(key)))

    @CLICommand("guide keep", perm="r")
    def keep(self, start: str = "") -> HandleCommandResult:
        """Read from the store"""
        return HandleCommandResult(stdout=" ".join(f"{k}={v}" for k, v in sorted(self.get_store_prefix(start).items())))

    @CLICommand("guide seen", perm="r")
    def show_seen(self) -> HandleCommandResult:
        """Notifications, each with the epoch that was read when it came"""
        return HandleCommandResult(stdout=repr(self.seen))

    @CLICommand("guide health", perm="rw")
    def health(self, text: str = "") -> HandleCommandResult:
        """Raise or clear a health check"""
        self.set_health_checks({} if not text else {
            "GUIDE_UNWELL": {"severity": "warning", "summary": text, "count": 1, "detail": ["a detail"]}})
        return HandleCommandResult()

    @CLICommand("guide remote", perm="r")
    def ask(self, module: str, method: str) -> HandleCommandResult:
        """Call another module"""
        try:
            return HandleCommandResult(stdout=repr(self.remote(module, method, "x", named=1)))
        except ImportError as error:
            return HandleCommandResult(-errno.ENOENT, stderr=f"ImportError {error}")
        except NameError as error:
            return HandleCommandResult(-errno.EINVAL, stderr=f"NameError {error}")
        except RuntimeError as error:
            return HandleCommandResult(-errno.EINVAL, stderr=f"RuntimeError {error}")

    @CLICommand("guide mon", perm="r")
    def mon(self, what: str) -> HandleCommandResult:
        """Send a command"""
        result = CommandResult("tag")
        self.send_command(result, "mon", "", '{"prefix": "%s"}' % what, "tag")
        return HandleCommandResult(*result.wait())

    @CLICommand("guide counter", perm="r")
    def counter(self, kind: str, who: str, path: str) -> HandleCommandResult:
        """The values of a perf counter"""
        return HandleCommandResult(stdout=str([value for _, value in self.get_counter(kind, who, path)[path]]))

    def greet(self, who: str, named: int = 0) -> Dict[str, Any]:
        return {"hello": who, "named": named}

    def fail(self, who: str, named: int = 0) -> None:
        raise ValueError(f"{who} is wrong")
