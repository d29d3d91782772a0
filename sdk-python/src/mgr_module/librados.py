"""A connection to the objects of a Ceph cluster."""

from __future__ import annotations

from typing import Any


def connect(conf: str) -> Any:
    """A connected `rados.Rados`. Raises RuntimeError with what is missing."""
    if not conf:
        raise RuntimeError(
            "rados: mgrd knows no Ceph configuration to connect with; name one in its option 'ceph_conf'"
        )
    try:
        import rados
    except ImportError as error:
        raise RuntimeError(
            f"rados: Python's binding to librados is missing ({error}); install python3-rados and let mgrd run modules with a "
            "Python that sees it"
        ) from None
    cluster = rados.Rados(conffile=conf)
    try:
        cluster.connect()
    except rados.Error as error:
        raise RuntimeError(f"rados: cannot connect with {conf}: {error}") from error
    return cluster
