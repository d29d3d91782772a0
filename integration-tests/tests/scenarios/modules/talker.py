"""A module in which source can be evaluated."""
import logging
import threading
from typing import Any, Dict, List, Tuple

from mgr_module import CLICommand, MgrEvalMixin, MgrModule, NotifyType, Option, OptionLevel

logging.warning("said while it is imported")

KINDS = ["str", "int", "uint", "size", "float", "secs", "millisecs", "bool", "addr", "uuid"]


class Probe(MgrEvalMixin, MgrModule):
    NOTIFY_TYPES = [NotifyType.command, NotifyType.clog, "health", NotifyType.mon_status, NotifyType.service_map,
                    NotifyType.perf_schema_update]
    MODULE_OPTIONS = [
        Option("number", type="int", default=3, min=1, max=10, desc="a number", long_desc="more of it", tags=["t"],
               see_also=["mood"], runtime=True, level=OptionLevel.BASIC),
        Option("least", type="int", default=3, min=1),
        Option("mood", default="calm", enum_allowed=["calm", "wild"]),
        Option("ratio", type="float", default=0.5),
        Option("wait", type="secs", default=60),
        Option("on", type="bool", default=True),
        Option("bare"),
        {"name": "plain", "type": "int", "default": 7},
        *(Option(f"a_{kind}", type=kind) for kind in KINDS),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: List[Tuple[str, Any]] = []
        self.told: List[Any] = []
        self.gate = threading.Event()
        self.gate.set()
        self.end = threading.Event()

    def serve(self) -> None:
        self.end.wait()
        self.set_store("ended", "in order")

    def shutdown(self) -> None:
        self.end.set()

    def notify(self, notify_type: str, notify_id: Any) -> None:
        self.gate.wait()
        self.seen.append((notify_type, notify_id))
        if notify_type == "clog" and "provoke" in notify_id["message"]:
            raise ValueError("provoked")

    def config_notify(self) -> None:
        self.told.append(self.get_module_option("number"))

    def echo(self, *args: Any, **kwargs: Any) -> Any:
        return [*args, kwargs]

    def fail(self, text: str) -> None:
        raise ValueError(text)

    def fruit(self) -> Dict[Any, Any]:
        return {"a": {1, 2}, 3: (4,)}

    def bounce(self, module: str, left: int) -> int:
        return left if left == 0 else self.remote(module, "bounce", self.module_name, left - 1)

    def sleep(self) -> None:
        threading.Event().wait()
