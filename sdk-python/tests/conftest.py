"""Module processes and modules inside the test."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from mgr_module import CLICommand
from mgrd.testing import FakeHost

SRC = Path(__file__).resolve().parents[1] / "src"


class Process:
    """A module process and its fake host."""

    def __init__(self, host: FakeHost, folder: Path) -> None:
        self.host = host
        environment = {**os.environ, "MGRD_SOCKET": host.socket, "MGRD_MODULE": host.module, "PYTHONPATH": str(SRC)}
        environment["GRPC_ENABLE_FORK_SUPPORT"] = "0"
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "mgrd.runner", str(folder)], env=environment, stderr=subprocess.PIPE, text=True
        )

    def ready(self) -> Process:
        assert self.host.ready.wait(20), self.popen.stderr and self.popen.stderr.read()
        return self

    def exit_status(self) -> int:
        return self.popen.wait(20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts a module process from source text."""
    running: list[Process] = []

    def run(source: str, **host_arguments: Any) -> Process:
        folder = tmp_path / "probe"
        folder.mkdir()
        (folder / "module.py").write_text(textwrap.dedent(source))
        host = FakeHost("probe", **host_arguments)
        host.__enter__()
        process = Process(host, folder)
        running.append(process)
        return process

    yield run
    for process in running:
        process.host.__exit__()
        process.popen.kill()
        process.popen.communicate()


@pytest.fixture(autouse=True)
def _own_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that a test declares are gone after it."""
    monkeypatch.setattr(CLICommand, "COMMANDS", {})
