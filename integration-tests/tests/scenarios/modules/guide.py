"""Written from the module guide alone."""
import errno
import threading
from typing import Any, List, Optional, Tuple

from mgr_module import CLICommand, CLIReadCommand, CommandResult, HandleCommandResult, MgrModule, Option
from object_format import EmptyResponder, ErrorResponse


class Guide(MgrModule):
    MODULE_OPTIONS = [
        Option(name="level", type="int", default=3, min=0, max=10),
        Option(name="mood", type="str", default="calm", enum_allowed=["calm", "wild"]),
    ]
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

    @CLIReadCommand("guide level")
    def level(self) -> HandleCommandResult:
        """Show the level"""
        return HandleCommandResult(stdout=f"{self.get_module_option('level')} {self.get_module_option('mood')}")

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
