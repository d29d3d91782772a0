"""Write modules and feeds for `mgrd` in Python.

| package | for |
|---|---|
| `mgrd.testing` | running a module in a unit test, without `mgrd` |
| `mgrd.feed` | sending the state of your own cluster to `mgrd` |
| `mgrd.session` | a module's connection to `mgrd`, on which `ceph_module` stands |
| `mgrd.runner` | running a module folder: `python -m mgrd.runner FOLDER` |
| `mgrd.osdmap` | computing with OSD maps |

Modules derive from the class in `mgr_module`, as in Ceph. All exceptions are here; `_exceptions.py` shows their tree.
"""

from ._exceptions import ForkedProcess, HostError, InvalidValue, MgrdError, NotFound, NotPermitted, Refused
from ._status import Status

__all__ = [
    "ForkedProcess",
    "HostError",
    "InvalidValue",
    "MgrdError",
    "NotFound",
    "NotPermitted",
    "Refused",
    "Status",
]
