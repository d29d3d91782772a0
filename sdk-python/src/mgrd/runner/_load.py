"""Finds the classes in a module's folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from sys import stderr
from types import ModuleType
from typing import Any, NamedTuple, Optional

from .._text import bounded, sendable
from ._package import as_package
from ._search import search_parent
from ._tracebacks import format_error, with_place


class Loaded(NamedTuple):
    """What a folder holds."""

    active: Optional[type[Any]]
    standby: Optional[type[Any]]
    error: str
    """Why there is no class; empty if there is one."""


def load(folder: Path) -> Loaded:
    """Imports a module folder."""
    search_parent(str(folder.parent))
    try:
        package = _import(folder)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return not_loaded(error, folder)
    import mgr_module

    active = _first(package, mgr_module.MgrModule)
    standby = _first(package, mgr_module.MgrStandbyModule)
    if active is None and standby is None:
        return Loaded(None, None, f"{folder / 'module.py'} defines no class derived from MgrModule")
    return Loaded(active, standby, "")


def not_loaded(error: BaseException, folder: Path) -> Loaded:
    """Nothing, because of this error. The traceback goes to the log."""
    stderr.write(format_error(error))
    return Loaded(None, None, sendable(bounded(with_place(error, folder))))


def _import(folder: Path) -> ModuleType:
    name = folder.name
    package = as_package(folder)
    if any(isinstance(value, type) and _top_level(value) == name for value in vars(package).values()):
        return package
    return import_module(f"{name}.module")


def _first(package: ModuleType, base: type[Any]) -> Optional[type[Any]]:
    for value in vars(package).values():
        if (
            isinstance(value, type)
            and issubclass(value, base)
            and _top_level(value) not in ("mgr_module", "ceph_module")
        ):
            return value
    return None


def _top_level(cls: type[Any]) -> str:
    """The top-level package that a class comes from."""
    return cls.__module__.partition(".")[0]
