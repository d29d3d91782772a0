"""What the three classes share: copies of documents, and which classes their methods return."""

from __future__ import annotations

import marshal
import sys
from typing import Any, TypeVar

T = TypeVar("T")


def fresh(document: Any) -> Any:
    """A copy of plain JSON values that shares nothing with the original. `marshal` is the fastest way to make one."""
    return marshal.loads(marshal.dumps(document))


def public_class(name: str, base: type[T]) -> type[T]:
    """The subclass of `base` that modules know.

    Ceph's `mgr_module` derives a class from each of the three, and expects objects of these classes from all methods. As
    in Ceph, the class is found by its name. Without a `mgr_module` it is `base`.
    """
    found: Any = getattr(sys.modules.get("mgr_module"), name, base)
    return found if isinstance(found, type) and issubclass(found, base) else base
