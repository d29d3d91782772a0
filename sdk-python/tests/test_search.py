"""What a module finds when it imports, whatever files and folders are called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SRC = Path(__file__).resolve().parents[1] / "src"

ASKED = """
    {imports}
    import os, sys
    from mgr_module import CLICommand, MgrModule

    class Probe(MgrModule):
        @CLICommand("probe ask")
        def ask(self, what: str):
            return 0, str(eval(what)), ""
"""
"""A module that says what it sees."""

WRONG = "raise ImportError('the wrong file is imported')"
LIBRARIES = [
    *("abc", "collections", "email", "functools", "json", "logging", "queue"),
    *("random", "secrets", "ssl", "types", "typing", "uuid", "yaml"),
]


def asked(imports: str) -> str:
    return ASKED.format(imports=imports)


def ask(process: Any, what: str) -> str:
    outcome = process.ready().host.command("probe ask", what=what)
    assert outcome.retval == 0, outcome.stderr
    return str(outcome.stdout.decode())


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The folder of the module `probe`, known before it is there."""
    (tmp_path / "probe").mkdir()
    return str(tmp_path / "probe")


@pytest.mark.parametrize("pythonpath", [str(SRC), f":{SRC}"])
def test_files_in_the_folder_hide_no_library(start: Any, folder: str, pythonpath: str) -> None:
    imports = f"import {', '.join(LIBRARIES)}; from . import queue as own"
    files = {f"probe/{name}.py": WRONG for name in LIBRARIES if name != "queue"}
    process = start(
        asked(imports), files={**files, "probe/queue.py": "OWN = 5"}, environment={"PYTHONPATH": pythonpath}
    )
    assert ask(process, "own.OWN, queue.Queue.__module__") == "(5, 'queue')"
    assert folder not in ask(process, "sys.path")


def test_started_by_hand_inside_its_folder_it_finds_the_libraries_too(start: Any, folder: str) -> None:
    files = {f"probe/{name}.py": WRONG for name in ("json", "logging", "queue", "random", "secrets")}
    process = start(asked("import secrets"), files=files, cwd=folder)
    assert folder not in ask(process, "sys.path")


def test_other_folders_hide_no_library(start: Any) -> None:
    names = [*LIBRARIES, "ceph_module", "google", "grpc", "mgr_module", "mgrd", "object_format"]
    files = {f"{name}/{file}.py": WRONG for name in names for file in ("__init__", "module")}
    process = start(asked("import object_format, yaml"), files=files)
    assert ask(process, "object_format.ObjectFormatAdapter({'a': 1}).format_yaml()") == "a: 1\n"


@pytest.mark.parametrize("name", ["other", "yaml", "email", "secrets"])
def test_modules_import_from_each_other_unless_a_file_of_the_library_has_the_name(start: Any, name: str) -> None:
    files = {f"{name}/module.py": "from .part import VALUE", f"{name}/part.py": "VALUE = 5"}
    process = start(asked(f"from {name}.module import VALUE"), files=files)
    if name == "secrets":
        assert process.exit_status() == 77
        assert "'secrets' is not a package" in process.host.hello.declaration.can_run_error
    else:
        assert ask(process, "VALUE") == "5"


@pytest.mark.parametrize("name", ["email", "logging", "mgrd", "secrets", "types", "yaml"])
def test_a_module_may_have_the_name_of_a_library(start: Any, name: str) -> None:
    source = asked("import concurrent.futures.process, secrets, smtplib, yaml; from . import helper")
    files = {f"{name}/helper.py": "VALUE = 5"}
    if len(name) % 2:  # some with, some without
        files[f"{name}/__init__.py"] = "from .module import Probe"
    process = start(source, name=name, files=files)
    assert ask(process, "helper.VALUE, smtplib.SMTP.__name__, len(secrets.token_hex(2))") == "(5, 'SMTP', 4)"
    assert ask(process, f"__import__('{name}.module').module.Probe is Probe") == "True"


def test_the_library_behind_a_module_is_not_loaded_without_need(start: Any) -> None:
    # The library `antigravity` opens a page in the browser.
    process = start(
        asked("import antigravity"),
        name="antigravity",
        files={"antigravity/__init__.py": "from .module import Probe"},
        environment={"PYTHONPATH": str(SRC), "BROWSER": "sh -c 'echo opens %s >&2'"},
    )
    assert ask(process, "hasattr(sys.modules['antigravity'], '__wrapped__'), os.getcwd()") == "(False, '/')"
    process.popen.kill()
    assert "xkcd" not in process.popen.stderr.read()


def test_a_file_of_ceph_next_to_the_modules_replaces_ours(start: Any) -> None:
    process = start(asked("import object_format"), files={"object_format.py": "RELEASE = 'squid'"})
    assert ask(process, "object_format.RELEASE") == "squid"


@pytest.mark.parametrize("name", ["probe", "secrets"])
def test_helpers_that_multiprocessing_starts_find_the_same(start: Any, name: str) -> None:
    source = """
        import multiprocessing
        from mgr_module import CLICommand, MgrModule

        def work(connection):
            import google.protobuf
            connection.send(5)

        class Probe(MgrModule):
            @CLICommand("probe ask")
            def ask(self, what: str):
                context = multiprocessing.get_context("spawn")
                ours, theirs = context.Pipe()
                helper = context.Process(target=work, args=(theirs,))
                helper.start()
                theirs.close()
                return 0, str(ours.recv()), ""
    """
    inside = {f"{name}/{library}.py": WRONG for library in LIBRARIES}
    outside = {f"{folder}/__init__.py": WRONG for folder in ("google", "queue")}
    assert ask(start(source, name=name, files={**inside, **outside}), "") == "5"


def test_the_search_path_of_the_operator_stays(start: Any, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": f"{SRC}{os.pathsep}/some/place"}
    path = json.loads(ask(start(asked("import json"), environment=environment), "json.dumps(sys.path)"))
    assert path[:2] == [str(SRC), "/some/place"]
    assert path[-1] == str(tmp_path)
