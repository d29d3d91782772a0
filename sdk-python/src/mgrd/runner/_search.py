"""What a module finds when it imports: libraries, then the other files in its module path."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from os.path import isdir, isfile, join
from typing import Optional

CEPH_FILES = ("ceph_argparse", "mgr_module", "object_format")
"""Files of this SDK that a release of Ceph can have too, in the folder of its modules."""


def search_parent(parent: str) -> None:
    """Lets the module import the files next to its folder, in the folder `parent`.

    That comes last: a module that is called `email` must not hide the library `email` from others, whether or not it is
    enabled. Only Ceph's own files are meant to hide those of this SDK.
    """
    if parent not in sys.path:
        sys.path.append(parent)
    sys.meta_path.insert(0, _BeforeFolders(parent))
    sys.meta_path.append(_InsideFolders(parent))


class _BeforeFolders:
    """Finds what comes before a module folder of the same name."""

    def __init__(self, parent: str) -> None:
        self._parent = parent

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: object = None) -> Optional[ModuleSpec]:
        """Ceph's file, or the library; None where the usual search does as well."""
        beside = join(self._parent, name)
        if name in CEPH_FILES and isfile(f"{beside}.py"):
            return spec_from_file_location(name, f"{beside}.py")
        if path is None and isdir(beside):
            # The usual search prefers a folder with an `__init__.py` to a library without, such as `google`.
            return PathFinder.find_spec(name, [entry for entry in sys.path if entry != self._parent])
        return None


class _InsideFolders:
    """Finds `progress.module` in the module folder `progress`, when `progress` itself is a library."""

    def __init__(self, parent: str) -> None:
        self._parent = parent

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: object = None) -> Optional[ModuleSpec]:
        """What the library of that name does not have."""
        package, _, _ = name.rpartition(".")
        return PathFinder.find_spec(name, [join(self._parent, *package.split("."))]) if package else None
