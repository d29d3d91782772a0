"""Finding the classes in a module's folder."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Optional


class Loaded(NamedTuple):
    """What a folder holds."""

    active: Optional[type[Any]]
    standby: Optional[type[Any]]
    error: str
    """Why there is no class; empty if there is one."""


def load(folder: Path) -> Loaded:
    """Imports a module folder. Its parent comes first in the search path, so that what lies beside the modules, such as a
    `mgr_module.py` of their own, is what they import."""
    sys.path.insert(0, str(folder.parent))
    try:
        package = _import(folder)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        traceback.print_exc()
        return Loaded(None, None, str(error) or type(error).__name__)
    import mgr_module

    active = _first(package, mgr_module.MgrModule)
    standby = _first(package, mgr_module.MgrStandbyModule)
    if active is None and standby is None:
        return Loaded(None, None, f"{folder / 'module.py'} defines no class derived from MgrModule")
    return Loaded(active, standby, "")


def _import(folder: Path) -> ModuleType:
    name = folder.name
    if (folder / "__init__.py").exists():
        package = importlib.import_module(name)
        if any(isinstance(value, type) and value.__module__.startswith(name) for value in vars(package).values()):
            return package
    return importlib.import_module(f"{name}.module")


def _first(package: ModuleType, base: type[Any]) -> Optional[type[Any]]:
    for value in vars(package).values():
        if (
            isinstance(value, type)
            and issubclass(value, base)
            and not value.__module__.startswith(("mgr_module", "ceph_module"))
        ):
            return value
    return None
