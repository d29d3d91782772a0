"""Names of the SQLite store, which needs RADOS: modules that use it load, and hear clearly that it is not here."""

from __future__ import annotations

import errno
import functools
from typing import Any, Tuple

from .results import HandlerFuncType


class MgrDBNotReady(RuntimeError):
    """There is no database yet."""


class MgrDBNotAllowed(RuntimeError):
    """The operator does not allow a database."""


def MgrModuleRecoverDB(func: HandlerFuncType) -> HandlerFuncType:
    """Tries again when the database was lost meanwhile; up to three times."""

    @functools.wraps(func)
    def retry(*args: Any, **kwargs: Any) -> Any:
        for _ in range(3):
            try:
                return func(*args, **kwargs)
            except MgrDBNotReady:
                continue
        return func(*args, **kwargs)

    return retry


def CLIRequiresDB(func: HandlerFuncType) -> HandlerFuncType:
    """Refuses a command while there is no database."""

    @functools.wraps(func)
    def check(self: Any, *args: Any, **kwargs: Any) -> Tuple[int, str, str]:
        if not getattr(self, "db_ready", lambda: False)():
            return -errno.EAGAIN, "", "mgr db not yet available"
        return func(self, *args, **kwargs)

    return check
