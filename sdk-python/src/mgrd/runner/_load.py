"""Finding the classes in a module's folder."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Optional

from .._text import sendable
from ._tracebacks import shown


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
        sys.stderr.write(shown(error))
        return Loaded(None, None, sendable(str(error)) or type(error).__name__)
    import mgr_module

    active = _first(package, mgr_module.MgrModule)
    standby = _first(package, mgr_module.MgrStandbyModule)
    if active is None and standby is None:
        return Loaded(None, None, f"{folder / 'module.py'} defines no class derived from MgrModule")
    return Loaded(active, standby, "")


def _import(folder: Path) -> ModuleType:
    name = folder.name
    package = _package(folder)
    if any(isinstance(value, type) and _top(value) == name for value in vars(package).values()):
        return package
    return importlib.import_module(f"{name}.module")


def _package(folder: Path) -> ModuleType:
    """The folder itself as a package, whatever else in the search path bears its name: the standard library has an
    `antigravity`, too."""
    init = folder / "__init__.py"
    if init.exists():
        spec = spec_from_file_location(folder.name, init, submodule_search_locations=[str(folder)])
    else:
        spec = ModuleSpec(folder.name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
    if spec is None:
        raise ImportError(f"{init} cannot be imported")
    package = module_from_spec(spec)
    sys.modules[folder.name] = package
    if spec.loader is not None:
        spec.loader.exec_module(package)
    return package


def _first(package: ModuleType, base: type[Any]) -> Optional[type[Any]]:
    for value in vars(package).values():
        if isinstance(value, type) and issubclass(value, base) and _top(value) not in ("mgr_module", "ceph_module"):
            return value
    return None


def _top(cls: type[Any]) -> str:
    """The package that a class comes from."""
    return cls.__module__.partition(".")[0]
