"""What the three seam classes share: fresh copies of documents, and which classes callers see."""

from __future__ import annotations

import marshal
import sys
from typing import Any, TypeVar

T = TypeVar("T")


def fresh(document: Any) -> Any:
    """A copy of plain JSON values that shares nothing with the original; marshal is the quickest way there."""
    return marshal.loads(marshal.dumps(document))


def face_of(name: str, base: type[T]) -> type[T]:
    """The class that stands for `base` towards modules.

    Ceph's `mgr_module` subclasses each low-level class and expects its own subclass from the methods of the others. As
    in Ceph it is looked up by name; the base class stands in while no `mgr_module` is loaded.
    """
    face: Any = getattr(sys.modules.get("mgr_module"), name, base)
    return face if isinstance(face, type) and issubclass(face, base) else base
