"""Module processes and modules inside the test."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Optional

import pytest

from mgr_module import CLICommand
from mgrd.session._session import SERVICE
from mgrd.testing import FakeHost
from mgrd.testing._server import Server

SRC = Path(__file__).resolve().parents[1] / "src"


class Process:
    """A module process and its fake host."""

    def __init__(self, host: FakeHost, folder: Path, cwd: str, environment: dict[str, str]) -> None:
        self.host = host
        self._server: Optional[Server] = Server(host, SERVICE)
        contact = {"MGRD_SOCKET": self._server.socket, "MGRD_MODULE": host.module, "MGRD_MODULE_DIR": str(folder)}
        fixed = {"PYTHONPATH": str(SRC), "GRPC_ENABLE_FORK_SUPPORT": "0"}
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "mgrd.runner", str(folder)],
            cwd=cwd,
            env={**os.environ, **contact, **fixed, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Process:
        assert self.host.ready.wait(20), self.popen.stderr and self.popen.stderr.read()
        return self

    def exit_status(self) -> int:
        return self.popen.wait(20)

    def close_host(self) -> None:
        if self._server is not None:
            self.host.end()
            self._server.stop()
            self._server = None


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts a module process from source text. `files` are next to its folder, or in it if their path says so."""
    running: list[Process] = []

    def run(
        source: str,
        *,
        name: str = "probe",
        files: Mapping[str, str] = MappingProxyType({}),
        cwd: str = "/",
        environment: Mapping[str, str] = MappingProxyType({}),
        **host_arguments: Any,
    ) -> Process:
        for path, text in {f"{name}/module.py": source, **files}.items():
            file = tmp_path / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(textwrap.dedent(text))
        host = FakeHost(name, **host_arguments)
        process = Process(host, tmp_path / name, cwd, dict(environment))
        running.append(process)
        return process

    yield run
    for process in running:
        process.close_host()
        process.popen.kill()
        process.popen.communicate()


@pytest.fixture(autouse=True)
def _own_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes the commands that a test declares."""
    monkeypatch.setattr(CLICommand, "COMMANDS", {})
