"""A module's database."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Optional

import pytest

from mgr_module import CLIRequiresDB, MgrDBNotAllowed, MgrDBNotReady, MgrModule, MgrModuleRecoverDB
from mgrd.testing import Harness

CREATE = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t (a) VALUES (1);"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MGRD_MODULE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def module(schema: Optional[str] = None, steps: Optional[list[str]] = None) -> Harness:
    return Harness(type("Stored", (MgrModule,), {"SCHEMA": schema, "SCHEMA_VERSIONED": steps}))


def test_keys_and_values_stay(folder: Path) -> None:
    for expected in (None, 7, 7):
        with module() as harness:
            assert not (folder.exists() and expected is None)
            assert harness.instance.get_kv("k") == expected
            harness.instance.set_kv("k", 7)
            harness.instance.shutdown()
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("with_schema", [True, False])
def test_tables_are_created_and_brought_up_to_date(with_schema: bool) -> None:
    second = "INSERT INTO t (a) VALUES (2);"
    histories: list[list[str]] = [[CREATE], [CREATE, second], [CREATE, second]]
    for steps in histories:
        with module(CREATE if with_schema else None, steps) as harness:
            rows = harness.instance.db.execute("SELECT a FROM t ORDER BY a").fetchall()
            assert [row["a"] for row in rows] == list(range(1, len(steps) + 1))
            assert harness.instance.get_kv("__version") == len(steps)
            harness.instance.close_db()
    with module(CREATE) as harness, pytest.raises(RuntimeError, match="version 2, but this module knows none after 1"):
        _ = harness.instance.db


def test_a_step_that_fails_changes_nothing() -> None:
    with module(None, [CREATE, "INSERT INTO t (a) VALUES (2); INSERT INTO nonsense VALUES (1);"]) as harness:
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match="nonsense"):
                _ = harness.instance.db
    with module(CREATE) as harness:
        assert harness.instance.db.execute("SELECT count(*) AS n FROM t").fetchone()["n"] == 1


def test_an_exclusive_transaction_is_whole_or_undone() -> None:
    with module(CREATE) as harness:
        with harness.instance.exclusive_db_access() as db:
            db.execute("INSERT INTO t (a) VALUES (2)")
        with pytest.raises(sqlite3.IntegrityError), harness.instance.exclusive_db_access() as db:
            db.executemany("INSERT INTO t (a) VALUES (?)", [(3,), (3,)])
        with contextlib.closing(harness.instance.open_db()) as another:
            assert another.execute("SELECT max(a) AS n FROM t").fetchone()["n"] == 2


def test_a_value_set_in_an_exclusive_transaction_is_undone_with_it() -> None:
    def give_up(stored: Any) -> None:
        with stored.exclusive_db_access():
            stored.set_kv("k", 3)
            raise KeyError("k")

    with module() as harness:
        with pytest.raises(KeyError):
            give_up(harness.instance)
        assert harness.instance.get_kv("k") is None


def test_why_there_is_none(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    command = CLIRequiresDB(lambda self: (0, "done", ""))
    with module() as harness:
        harness.host.ceph_options["mgr_pool"] = False
        with pytest.raises(MgrDBNotAllowed, match="mgr_pool"):
            _ = harness.instance.db
        assert command(harness.instance) == (-11, "", "mgr db not yet available")
        harness.host.ceph_options["mgr_pool"] = True
        folder.write_text("not a folder")
        with pytest.raises(MgrDBNotReady, match=r"main\.db"):
            _ = harness.instance.db
        folder.unlink()
        assert command(harness.instance) == (0, "done", "")
        harness.instance.close_db()
        monkeypatch.delenv("MGRD_MODULE_DATA")
        with pytest.raises(MgrDBNotReady, match="MGRD_MODULE_DATA"):
            _ = harness.instance.db


def test_a_broken_database_is_opened_again() -> None:
    seen: list[Any] = []

    @MgrModuleRecoverDB
    def read(self: Any) -> tuple[int, str, str]:
        seen.append(self.db)
        if len(seen) < 3:
            raise sqlite3.DatabaseError("broken")
        return 0, "", ""

    with module() as harness:
        assert read(harness.instance) == (0, "", "")
        assert len({id(db) for db in seen}) == 3
        seen.clear()
        with pytest.raises(sqlite3.DatabaseError):
            MgrModuleRecoverDB(lambda self: self.db.execute("nonsense"))(harness.instance)  # type: ignore[arg-type, return-value]
