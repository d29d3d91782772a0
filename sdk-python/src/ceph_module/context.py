"""The context of librados, from which Ceph's own `mgr_module.py` makes its `rados`."""

from __future__ import annotations

import ctypes
import functools
import os
from typing import NoReturn

_LIBRARY = "librados.so.2"


class Missing:
    """Takes the place of a context that is missing. It raises an error when librados wants to use it and checks its truth."""

    def __init__(self, why: str) -> None:
        self._why = why

    def __bool__(self) -> NoReturn:
        raise RuntimeError(f"rados: {self._why}")


@functools.cache
def of(conf: str) -> object:
    """A capsule with the context of a client that is configured by the file `conf`, or `Missing`."""
    if not conf:
        return Missing("mgrd knows no Ceph configuration to connect with; name one in its option 'ceph_conf'")
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        return Missing(f"librados is missing ({error}); install python3-rados")
    cluster = ctypes.c_void_p()  # lives as long as the process, as the context does
    if failed := library.rados_create2(ctypes.byref(cluster), None, b"client.admin", ctypes.c_uint64(0)):
        return Missing(f"librados makes no client: {os.strerror(-failed)}")
    if failed := library.rados_conf_read_file(cluster, conf.encode()):
        return Missing(f"librados cannot read {conf}: {os.strerror(-failed)}")
    library.rados_cct.restype = ctypes.c_void_p
    new_capsule = ctypes.pythonapi.PyCapsule_New
    new_capsule.restype = ctypes.py_object
    new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return new_capsule(library.rados_cct(cluster), None, None)
