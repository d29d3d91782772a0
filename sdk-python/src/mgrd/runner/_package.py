"""A module's folder as a package, with any name."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any, Optional

from ._search import search_parent


def as_package(folder: Path) -> ModuleType:
    """Imports the folder under its name.

    If a library has the same name, other libraries may need it. They find it behind the package: the library provides
    what the folder does not have.
    """
    library = _Library.named_as(folder)
    spec = _spec(folder, library.path if library else [])
    package = module_from_spec(spec)
    if library is not None:
        vars(package)["__getattr__"] = library.attribute
    sys.modules[folder.name] = package
    if spec.loader is not None:
        spec.loader.exec_module(package)
    return package


def importable_again(module_dir: str) -> None:
    """Lets a helper process import what the module's own process can import."""
    folder = Path(module_dir).resolve()
    search_parent(str(folder.parent))
    if _Library.named_as(folder):
        as_package(folder)  # else it is found like all files next to it


def _spec(folder: Path, library_path: list[str]) -> ModuleSpec:
    init, path = folder / "__init__.py", [str(folder), *library_path]
    if not init.exists():
        spec = ModuleSpec(folder.name, None, is_package=True)
        spec.submodule_search_locations = path
        return spec
    found = spec_from_file_location(folder.name, init, submodule_search_locations=path)
    if found is None:
        raise ImportError(f"{init} cannot be imported")
    return found


class _Library:
    """The library that a package hides. It is loaded when it is first needed: `antigravity` opens a browser."""

    def __init__(self, folder: Path, spec: ModuleSpec) -> None:
        self.path = list(spec.submodule_search_locations or ())
        self._folder = folder
        self._spec = spec
        self._module = sys.modules.get(folder.name)
        self._loading = RLock()

    @classmethod
    def named_as(cls, folder: Path) -> Optional[_Library]:
        """The library with the name of the folder; None if there is none."""
        spec = find_spec(folder.name)
        if spec is None:
            return None
        library = cls(folder, spec)
        # The folder finds itself if its parent is in the search path.
        return None if folder in [Path(entry).resolve() for entry in library.path] else library

    def attribute(self, name: str) -> Any:
        """What the library has under this name, unless the folder has a file for it."""
        full_name = f"{self._folder.name}.{name}"
        if name.startswith("__") or PathFinder.find_spec(full_name, [str(self._folder)]) is not None:
            raise AttributeError(f"module '{self._folder.name}' has no attribute '{name}'")
        return getattr(self._load(), name)

    def _load(self) -> ModuleType:
        with self._loading:
            if self._module is None:
                self._module = module_from_spec(self._spec)
                if self._spec.loader is not None:
                    self._spec.loader.exec_module(self._module)
            return self._module
