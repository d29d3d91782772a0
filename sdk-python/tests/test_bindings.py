"""Modules may replace functions of the standard library, such as `os._exit`, so the runner binds what it needs first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MGRD = Path(__file__).parents[1] / "src" / "mgrd"
FILES = [
    file
    for part in ("*.py", "runner/*.py", "session/*.py", "_transports/*.py")
    for file in MGRD.glob(part)
    if file.name != "__main__.py"
]
LOOKED_UP_LATE = {"sys", "grpc", "mgr_module"}
"""`sys` for what the module is meant to change; the others are not part of the standard library."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(MGRD)))
def test_functions_are_imported_by_name_and_early(file: Path) -> None:
    tree = ast.parse(file.read_text())
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert plain <= LOOKED_UP_LATE
    late = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node not in tree.body]
    assert [node.module for node in late if node.module and not node.module.startswith("mgr")] == []
