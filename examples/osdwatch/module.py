"""Raises a health check while an OSD is down, and keeps a history of when each OSD went down and came back."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timezone
from typing import Any, Dict, List, Set

from mgr_module import CLIReadCommand, CLIWriteCommand, HandleCommandResult, MgrModule, Option

# Keys of the store: one for each entry of the history, so that each write is small. The number in a key has a fixed width, so
# that the keys are sorted in the order in which they were written.
ENTRY = "history/{:012d}"


class Module(MgrModule):
    # Without this attribute, `notify` is called for all changes.
    NOTIFY_TYPES = ["osd_map"]

    MODULE_OPTIONS = [
        Option(
            "severity",
            type="str",
            default="warning",
            enum_allowed=["warning", "error"],
            runtime=True,
            desc="how bad it is when an OSD is down",
        ),
        Option(
            "keep", type="int", default=1000, min=1, max=100000, runtime=True, desc="entries of the history to keep"
        ),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._down: Set[int] = set(json.loads(self.get_store("down") or "[]"))
        # Notifications and changed options come on one thread, commands on another, `serve` on a third.
        self._lock = threading.Lock()

    def serve(self) -> None:
        # The map may have changed before the module started.
        self._look()

    def notify(self, notify_type: str, notify_id: Any) -> None:
        # A notification has no data. Read what you need.
        self._look()

    def config_notify(self) -> None:
        self._report()

    def _look(self) -> None:
        # The read-only value is shared by all callers and costs next to nothing.
        osd_map = self.get("osd_map", mutable=False)
        if osd_map is None:
            return
        down = {osd["osd"] for osd in osd_map["osds"] if not osd["up"]}
        with self._lock:
            changes = [(osd, "down") for osd in sorted(down - self._down)] + [
                (osd, "up") for osd in sorted(self._down - down)
            ]
            for osd, state in changes:
                self.log.info("osd.%d is %s", osd, state)
                self._remember(osd, state, osd_map["epoch"])
            self._down = down
            if changes:
                self.set_store("down", json.dumps(sorted(down)))
        self._report()

    def _report(self) -> None:
        down = sorted(self._down)
        if not down:
            # An empty dict clears the checks of this module.
            self.set_health_checks({})
            return
        self.set_health_checks(
            {
                "OSDWATCH_DOWN": {
                    "severity": str(self.get_module_option("severity")),
                    "summary": f"{len(down)} OSD{'s are' if len(down) > 1 else ' is'} down",
                    "count": len(down),
                    "detail": [f"osd.{osd} is down" for osd in down],
                }
            }
        )

    def _remember(self, osd: int, state: str, epoch: int) -> None:
        keys = list(self.get_store_prefix("history/"))
        number = int(keys[-1].rpartition("/")[2]) + 1 if keys else 0
        entry = {
            "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "osd": osd,
            "state": state,
            "epoch": epoch,
        }
        # The entry is durable when this returns. If it cannot be stored, this raises an exception.
        self.set_store(ENTRY.format(number), json.dumps(entry))
        for key in keys[: len(keys) + 1 - int(self.get_module_option("keep") or 1)]:
            self.set_store(key, None)

    def _history(self) -> List[Dict[str, Any]]:
        return [json.loads(entry) for entry in self.get_store_prefix("history/").values()]

    @CLIReadCommand("osdwatch history")
    def history(self, last: int = 20, format: str = "plain") -> HandleCommandResult:
        """Show when OSDs went down and came back"""
        entries = self._history()[-last:]
        if format != "plain":
            return HandleCommandResult(stdout=json.dumps(entries))
        lines = [
            f"{entry['time']}  osd.{entry['osd']:<4} {entry['state']:<5} (epoch {entry['epoch']})" for entry in entries
        ]
        return HandleCommandResult(stdout="\n".join(lines), stderr="" if lines else "nothing has happened yet")

    @CLIWriteCommand("osdwatch forget")
    def forget(self) -> HandleCommandResult:
        """Clear the history"""
        keys = list(self.get_store_prefix("history/"))
        for key in keys:
            self.set_store(key, None)
        return HandleCommandResult(stderr=f"forgot {len(keys)} entries")
