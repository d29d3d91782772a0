"""The low-level classes that Ceph's own `mgr_module.py` stands on; ours does as well.

Names and argument shapes of the `_ceph_…` methods are the interface, so that either file works on top of either host.
"""

from typing import TYPE_CHECKING, Any

from .active import BaseMgrModule
from .standby import BaseMgrStandbyModule

if TYPE_CHECKING:
    from mgrd.osdmap import BasePyCRUSH, BasePyOSDMap, BasePyOSDMapIncremental

__all__ = ["BaseMgrModule", "BaseMgrStandbyModule", "BasePyCRUSH", "BasePyOSDMap", "BasePyOSDMapIncremental"]


def __getattr__(name: str) -> Any:
    if name in ("BasePyCRUSH", "BasePyOSDMap", "BasePyOSDMapIncremental"):
        from mgrd import osdmap

        return getattr(osdmap, name)
    raise AttributeError(f"module 'ceph_module' has no attribute {name!r}")
