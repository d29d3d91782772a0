"""What `get` returns for a document that no feed has sent, or sent empty."""

from __future__ import annotations

import logging
from typing import Any

from mgrd.osdmap import crush_text
from mgrd.session import Documents

_log = logging.getLogger("mgrd")

_TRAPS = ("osd_map", "config")
"""For any name that begins like this, Ceph's manager returns a dict. The dict is empty if the manager does not know it."""
_KNOWN = ("osd_map", "osd_map_tree", "osd_map_crush", "config", "config_options")


def is_absent(value: Any) -> bool:
    """Whether a document has no content. Ceph's manager sends an empty CRUSH text."""
    return value is None or value == ""


def stand_in(documents: Documents, name: str) -> Any:
    """A value that is computed from other documents, or an empty dict where Ceph's modules get one, or None."""
    if name == "pg_progress":
        computed = _pg_progress(documents)
        if computed is not None:
            return computed
    if name == "osdmap_crush_map_text":
        crush = documents.shared("osd_map_crush")
        if crush is not None:
            return crush_text(crush)
    _log.error("get: there is no document '%s', because no feed has sent it", name)
    trapped = name.startswith(_TRAPS) and name not in _KNOWN
    return {} if trapped or name.startswith("device ") and name != "device " else None


def _pg_progress(documents: Documents) -> Any:
    # Feeds send the dump more often than its parts.
    stats, ready = documents.shared("pg_dump") or documents.shared("pg_stats"), documents.shared("pg_ready")
    if not stats:
        return None
    pgs = {
        pg["pgid"]: {
            "num_bytes_recovered": pg["stat_sum"]["num_bytes_recovered"],
            "num_bytes": pg["stat_sum"]["num_bytes"],
            "reported_epoch": pg["reported_epoch"],
            "state": pg["state"],
        }
        for pg in stats["pg_stats"]
    }
    return {"pgs": pgs, "pg_ready": bool(ready and ready["pg_ready"])}
