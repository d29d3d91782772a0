"""A module that misbehaves in the way HOW."""
import itertools
import os
import pathlib
import signal
import threading
import time
from typing import Any, Callable

from mgr_module import CLICommand, CommandResult, HandleCommandResult, MgrModule, Option

MANY = 100_000 if "HOW" == "declares" else 0
HERE = pathlib.Path(__file__).parent


class Module(MgrModule):
    MODULE_OPTIONS = [Option("text", type="str", default="")] + [
        Option(f"option{n}", type="str", default="x" * 50, desc="x" * 100) for n in range(MANY)
    ]

    @CLICommand("NAME sleep", perm="r")
    def sleep(self) -> HandleCommandResult:
        """Never answer"""
        time.sleep(1000)
        return HandleCommandResult()

    @CLICommand("NAME echo", perm="r")
    def echo(self, text: str = "") -> HandleCommandResult:
        """Answer"""
        return HandleCommandResult(stdout=text)

    @CLICommand("NAME much", perm="r")
    def much(self, mib: int) -> HandleCommandResult:
        """Answer with this many MiB"""
        return HandleCommandResult(stdout="x" * (mib << 20))

    def serve(self) -> None:
        time.sleep(0.2)  # it is running first
        getattr(self, "HOW")()
        threading.Event().wait()

    def notify(self, notify_type: str, notify_id: Any) -> None:
        if "HOW" == "ignores_notifications":
            threading.Event().wait()

    def config_notify(self) -> None:
        self.notify("", "")

    def forever(self, work: Callable[[int], Any], threads: int = 8) -> None:
        """Does something without end in several threads, whether it succeeds or not."""
        numbers = itertools.count()

        def repeat() -> None:
            while True:
                try:
                    work(next(numbers))
                except Exception:  # noqa: BLE001
                    pass

        for _ in range(threads):
            threading.Thread(target=repeat, daemon=True).start()

    # --- the process ---

    def behaves(self) -> None:
        pass

    def ignores_notifications(self) -> None:
        pass

    def declares(self) -> None:
        pass

    def exits(self) -> None:
        os._exit(3)

    def aborts(self) -> None:
        os.abort()

    def raises(self) -> None:
        raise RuntimeError("x" * (30 << 20))

    def dies_with_words(self) -> None:
        os.write(2, b"these are my last words " * 50_000 + b"\n")
        os._exit(4)

    def stops(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def spins(self) -> None:
        self.forever(lambda _: None)

    def spinning_children(self) -> None:
        for _ in range(50):
            if os.fork() == 0:
                while True:
                    pass

    def spinning_sessions(self) -> None:
        for _ in range(50):
            if os.fork() == 0:
                os.setsid()
                while True:
                    pass

    def grows(self) -> None:
        kept = []
        while True:
            kept.append(b"x" * (8 << 20))

    def forks(self) -> None:
        while True:
            try:
                if os.fork() == 0:
                    time.sleep(1000)
            except OSError:
                pass

    def replaces(self) -> None:
        for _ in range(20):
            if os.fork() == 0:
                while True:
                    if os.fork() != 0:
                        os._exit(0)

    def short_children(self) -> None:
        while True:
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)

    def starts_threads(self) -> None:
        self.forever(lambda _: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start())

    def opens(self) -> None:
        kept = []
        while True:
            try:
                kept.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                pass

    # --- output and texts ---

    def prints(self) -> None:
        self.forever(lambda _: os.write(1, b"y\n" * 4096), 1)

    def prints_lines(self) -> None:
        self.forever(lambda _: os.write(2, b"x" * 8191 + b"\n"), 1)

    def prints_no_line(self) -> None:
        self.forever(lambda _: os.write(2, b"x" * 8192), 1)

    def prints_controls(self) -> None:
        self.forever(lambda _: os.write(1, b"\x1b[2J\xff\xfe\x00\r\x07" * 500 + b"\n"), 1)

    def logs(self) -> None:
        self.forever(lambda n: self.log.error("a flood %s", n), 2)

    def logs_much(self) -> None:
        self.forever(lambda n: self.log.error("x" * (64 << 10)), 2)

    def writes_cluster_log(self) -> None:
        self.forever(lambda n: self.cluster_log("cluster", 3, f"{n}" + "x" * (16 << 10)))

    # --- calls ---

    def checks(self) -> None:
        def change(n: int) -> None:
            names = (f"CHECK_{n + name}" for name in range(500))
            detail = ["\x1b[31m" + "x" * 1000]
            self.set_health_checks({name: {"severity": "warning", "summary": f"{n}", "detail": detail} for name in names})

        self.forever(change, 2)

    def checks_small(self) -> None:
        self.forever(lambda n: self.set_health_checks({f"A_{n}": {"severity": "error", "summary": "x", "detail": []}}))

    def checks_huge(self) -> None:
        check = {"severity": "warning", "summary": "x", "detail": ["x" * 100] * 100_000}
        self.forever(lambda _: self.set_health_checks({"CHECK": check}), 1)

    def sets_options(self) -> None:
        self.forever(lambda n: self.set_module_option("text", f"{n}"))

    def sets_large_options(self) -> None:
        self.forever(lambda n: self.set_module_option("text", f"{n}" + "x" * (60 << 10)))

    def stores(self) -> None:
        self.forever(lambda n: self.set_store(f"key{n % 1000}", f"{n}"))

    def stores_keys(self) -> None:
        self.forever(lambda n: self.set_store(f"key{n}", "x"))

    def stores_large(self) -> None:
        self.forever(lambda n: self.set_store(f"key{n % 4}", f"{n}" + "x" * (1 << 20)), 2)

    def stores_much(self) -> None:
        for n in range(60):
            self.set_store(f"key{n}", "x" * (1 << 20))
        os._exit(1)

    def reports_progress(self) -> None:
        self.forever(lambda n: self.update_progress_event(f"{n}", "x" * 1000, 0.5, True))

    def ends_progress(self) -> None:
        def change(n: int) -> None:
            self.update_progress_event(f"{n}", "x", 0.5, True)
            self.complete_progress_event(f"{n}")

        self.forever(change)

    def calls_neighbour(self) -> None:
        self.forever(lambda _: self.remote("hello", "greeting_for", "x"), 16)

    def calls_with_much(self) -> None:
        self.forever(lambda _: self.remote("hello", "greeting_for", "x" * (60 << 20)), 1)

    def calls_nothing(self) -> None:
        self.forever(lambda _: self.remote("hello", "nothing", "x"), 16)

    def waits_for_other(self) -> None:
        self.forever(lambda _: self.call_back(), 16)

    def call_back(self) -> None:
        other = "NAME".translate(str.maketrans("01", "10"))
        self.remote(other, "call_back")

    def runs_commands(self) -> None:
        self.forever(lambda _: self.run_command("status"))

    def runs_huge_commands(self) -> None:
        self.forever(lambda _: self.run_command("x" * (30 << 20)), 1)

    def run_command(self, prefix: str) -> None:
        result = CommandResult("")
        self.send_command(result, "mon", "", '{"prefix": "%s"}' % prefix, "")
        result.wait()

    def reads_documents(self) -> None:
        def read(n: int) -> None:
            self.set_health_checks({"A": {"severity": "warning", "summary": f"{n}", "detail": []}})
            self.get("health")
            self.get("mgr_map")

        self.forever(read)

    # --- files ---

    def touches(self) -> None:
        self.forever(lambda n: (HERE / "module.toml").write_text(f"# {n}\n"), 1)

    def makes_files(self) -> None:
        self.forever(lambda n: (HERE / f"file{n % 20_000}").write_text("x"), 1)

    def makes_large_file(self) -> None:
        with (HERE / "large").open("wb") as file:
            file.truncate(8 << 30)

    def makes_fifo(self) -> None:
        (HERE / "module.toml").unlink(missing_ok=True)
        os.mkfifo(HERE / "module.toml")
        os._exit(1)

    def makes_device(self) -> None:
        (HERE / "module.toml").unlink(missing_ok=True)
        (HERE / "module.toml").symlink_to("/dev/zero")
        os._exit(1)
