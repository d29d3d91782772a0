"""OSD maps computed from documents: placement, balancing and the CRUSH hierarchy, without a Ceph library.

`ceph_module` re-exports the three classes, whose methods have the names and shapes that Ceph's own `mgr_module.py`
calls.
"""

from ._crush import BasePyCRUSH
from ._incremental import BasePyOSDMapIncremental
from ._osdmap import BasePyOSDMap

__all__ = ["BasePyCRUSH", "BasePyOSDMap", "BasePyOSDMapIncremental"]
