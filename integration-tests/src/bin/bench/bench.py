"""Measures from inside a Python module, of mgrd or of a real ceph-mgr; answers are JSON objects of nanoseconds."""
import ctypes
import inspect
import json
import threading
import time
from typing import Any, Callable

from mgr_module import CLICommand, HandleCommandResult, MgrModule, Option


def per_call(call: Callable[[], Any], count: int) -> float:
    """The tenth percentile of many short rounds, which what the machine does besides hardly touches."""
    call()
    rounds = []
    for _ in range(50):
        start = time.perf_counter_ns()
        for _ in range(count):
            call()
        rounds.append((time.perf_counter_ns() - start) / count)
    return sorted(rounds)[5]


class Module(MgrModule):
    MODULE_OPTIONS = [Option("level", type="int", default=3)]

    @CLICommand("NAME echo", perm="r")
    def echo(self, text: str = "") -> HandleCommandResult:
        """Answer"""
        return HandleCommandResult(stdout=text)

    @CLICommand("NAME reads", perm="rw")
    def reads(self) -> HandleCommandResult:
        """Mirrored reads"""
        self.set_store("key", "value")
        self.get_module_option("level")
        return self.figures(
            get_mgr_id=per_call(self.get_mgr_id, 2000),
            get_module_option=per_call(lambda: self.get_module_option("level"), 2000),
            get_store=per_call(lambda: self.get_store("key"), 2000),
            get_latest_counter=per_call(lambda: self.get_latest_counter("osd", "0", "osd.op"), 500),
            get_all_perf_counters=per_call(self.get_all_perf_counters, 2),
        )

    @CLICommand("NAME map", perm="r")
    def map(self) -> HandleCommandResult:
        """Reads of a document"""
        figures = {
            "osds": len(self.get("osd_map")["osds"]),
            "fresh": per_call(lambda: self.get("osd_map"), 1),
        }
        if "mutable" in inspect.signature(self.get).parameters:
            figures["shared"] = per_call(lambda: self.get("osd_map", mutable=False), 500)
        return self.figures(**figures)

    @CLICommand("NAME dump", perm="r")
    def dump(self) -> HandleCommandResult:
        """The document that was measured"""
        return HandleCommandResult(stdout=json.dumps(self.get("osd_map")))

    @CLICommand("NAME crash", perm="rw")
    def crash(self) -> HandleCommandResult:
        """Dereference a null pointer"""
        return HandleCommandResult(stdout=str(ctypes.string_at(0)))

    @CLICommand("NAME latest", perm="r")
    def latest(self, disk: str, path: str) -> HandleCommandResult:
        """The newest value of a counter of the made-up feed"""
        return HandleCommandResult(stdout=str(self.get_counter("disk", disk, path)[path][-1][1]))

    @CLICommand("NAME write", perm="rw")
    def write(self, count: int) -> HandleCommandResult:
        """Durable writes, one after the other"""
        start = time.perf_counter_ns()
        for n in range(count):
            self.set_store("written", str(n))
        return self.figures(write=(time.perf_counter_ns() - start) / count)

    @CLICommand("NAME remotes", perm="r")
    def remotes(self, module: str, count: int) -> HandleCommandResult:
        """Remote calls, one after the other"""
        times = []
        for _ in range(count):
            start = time.perf_counter_ns()
            self.remote(module, "answer", "x")
            times.append(time.perf_counter_ns() - start)
        return self.figures(remote=sorted(times)[count // 2])

    @CLICommand("NAME spin", perm="rw")
    def spin(self, threads: int) -> HandleCommandResult:
        """Spin for ever"""
        for _ in range(threads):
            threading.Thread(target=self.forever, daemon=True).start()
        return HandleCommandResult()

    def forever(self) -> None:
        while True:
            pass

    def answer(self, text: str) -> str:
        return text

    @staticmethod
    def figures(**figures: float) -> HandleCommandResult:
        return HandleCommandResult(stdout=json.dumps(figures))
