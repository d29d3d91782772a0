"""A module's own SQLite database."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, List, Optional, Tuple

from .results import HandlerFuncType
from .settings import Settings

if TYPE_CHECKING:
    import sqlite3

ATTEMPTS = 3
"""How often `MgrModuleRecoverDB` opens a broken database again."""

_KEY_VALUES = """
CREATE TABLE IF NOT EXISTS MgrModuleKV (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO MgrModuleKV (key, value) VALUES ('__version', 0);
"""


class MgrDBNotReady(RuntimeError):
    """There is no database yet."""


class MgrDBNotAllowed(RuntimeError):
    """The operator does not allow a database."""


class Database(Settings):
    """A database of the module.

    It is a file on this machine, in the data directory of mgrd, and it is opened at the first use. A commit is durable.
    `mgrd storage export` does not contain it. Unlike options and the store, it is not fenced when another mgrd takes
    over: any process that has the file open can write to it.
    """

    SCHEMA: Optional[str] = None
    """SQL that creates the tables."""
    SCHEMA_VERSIONED: Optional[List[str]] = None
    """If there are several versions, SQL for the step to each. The first step creates the tables, unless SCHEMA does."""

    _db: Optional[sqlite3.Connection] = None
    _db_exclusive = False

    def _prepare_database(self) -> None:
        self._db_lock = threading.RLock()

    @property
    def db(self) -> sqlite3.Connection:
        """The open database. Raises MgrDBNotAllowed if the operator set `mgr_pool` to false, and MgrDBNotReady with the
        reason if it cannot be opened."""
        with self._db_lock:
            if self._db is None:
                self._db = self.open_db()
            return self._db

    def open_db(self) -> sqlite3.Connection:
        """Opens another connection to the database and updates its tables. See `db`."""
        import sqlite3

        if not self._db_allowed():
            raise MgrDBNotAllowed("databases of modules are not allowed: the option 'mgr_pool' is false")
        folder = os.environ.get("MGRD_MODULE_DATA")
        if not folder:
            raise MgrDBNotReady("there is no folder for a database, because MGRD_MODULE_DATA is not set; mgrd sets it")
        try:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            db = sqlite3.connect(Path(folder) / "main.db", check_same_thread=False)
            db.row_factory = sqlite3.Row
            db.executescript("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            db.executescript(_KEY_VALUES)
        except (OSError, sqlite3.Error) as error:
            raise MgrDBNotReady(f"cannot open the database {folder}/main.db: {error}") from error
        try:
            self._upgrade(db)
        except BaseException:
            db.close()
            raise
        return db

    def close_db(self) -> None:
        """Closes the database. The next use opens it again."""
        with self._db_lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def db_ready(self) -> bool:
        """Whether there is a database to use."""
        try:
            return self.db is not None
        except (MgrDBNotAllowed, MgrDBNotReady):
            return False

    @contextlib.contextmanager
    def exclusive_db_access(self) -> Iterator[sqlite3.Connection]:
        """A transaction during which no other thread or process writes. An exception rolls it back."""
        with self._db_lock, self.db as db:
            db.execute("BEGIN EXCLUSIVE")
            self._db_exclusive = True
            try:
                yield db
            finally:
                self._db_exclusive = False

    def get_kv(self, key: str) -> Any:
        """A value of the table MgrModuleKV; None if there is none."""
        with self._db_lock:
            row = self.db.execute("SELECT value FROM MgrModuleKV WHERE key = ?", (key,)).fetchone()
        return None if row is None else row["value"]

    def set_kv(self, key: str, value: Any) -> None:
        """Sets a value of the table MgrModuleKV. Inside `exclusive_db_access` it is a part of that transaction."""
        with self._db_lock, contextlib.nullcontext(self.db) if self._db_exclusive else self.db as db:
            db.execute("INSERT OR REPLACE INTO MgrModuleKV (key, value) VALUES (?, ?)", (key, value))

    def _db_allowed(self) -> bool:
        try:
            return bool(self.get_ceph_option("mgr_pool"))
        except KeyError:
            return True

    def _upgrade(self, db: sqlite3.Connection) -> None:
        """Updates the tables to the newest version. Each step is a transaction."""
        steps = list(self.SCHEMA_VERSIONED or [])
        if self.SCHEMA is not None:
            steps[:1] = [self.SCHEMA]
        found = int(db.execute("SELECT value FROM MgrModuleKV WHERE key = '__version'").fetchone()["value"])
        if found > len(steps):
            raise RuntimeError(
                f"the database of '{self.module_name}' has version {found}, but this module knows none after {len(steps)}; "
                "it was written by a newer one"
            )
        for version, step in enumerate(steps[found:], found + 1):
            mark = f"UPDATE MgrModuleKV SET value = {version} WHERE key = '__version';"
            try:
                db.executescript(f"BEGIN IMMEDIATE;\n{step}\n;{mark}\nCOMMIT;")
            except BaseException:
                db.rollback()
                raise


def MgrModuleRecoverDB(func: HandlerFuncType) -> HandlerFuncType:
    """Opens the database again and repeats the call if the database is broken, up to three times."""

    @functools.wraps(func)
    def retry(self: Any, *args: Any, **kwargs: Any) -> Any:
        import sqlite3

        for _ in range(ATTEMPTS):
            try:
                return func(self, *args, **kwargs)
            except sqlite3.DatabaseError:
                self.log.exception("the database failed and is opened again")
                self.close_db()
        return func(self, *args, **kwargs)

    return retry


def CLIRequiresDB(func: HandlerFuncType) -> HandlerFuncType:
    """Refuses a command while there is no database."""

    @functools.wraps(func)
    def check(self: Any, *args: Any, **kwargs: Any) -> Tuple[int, str, str]:
        if not self.db_ready():
            return -errno.EAGAIN, "", "mgr db not yet available"
        return func(self, *args, **kwargs)

    return check
