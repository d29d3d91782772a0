"""Computes with OSD maps that are given as documents: placement, balancing and the CRUSH hierarchy, without a Ceph library.

`ceph_module` re-exports the three classes. Their methods have the names and arguments that Ceph's own `mgr_module.py`
calls.
"""

from ._classes import public_class
from ._crush import BasePyCRUSH
from ._crushtext import crush_text
from ._incremental import BasePyOSDMapIncremental
from ._osdmap import BasePyOSDMap

__all__ = ["BasePyCRUSH", "BasePyOSDMap", "BasePyOSDMapIncremental", "crush_text", "public_class"]
