"""Names that modules share."""

from __future__ import annotations

from enum import Enum
from typing import Any, Dict, List, Mapping, Sequence, Union

HealthChecksT = Mapping[str, Mapping[str, Union[int, str, Sequence[str]]]]
"""{code: {severity, summary, count, detail}}"""
ServiceInfoT = Dict[str, str]
"""{"type", "id", "ceph_version"}"""
ServerInfoT = Dict[str, Union[str, List[ServiceInfoT]]]
"""{"hostname", "ceph_version", "services"}"""
PerfCounterT = Dict[str, Any]

NFS_GANESHA_SUPPORTED_FSALS = ["CEPH", "RGW"]
NFS_POOL_NAME = ".nfs"
MGR_POOL_NAME = ".mgr"

PG_STATES = [
    "active",
    "clean",
    "down",
    "recovery_unfound",
    "backfill_unfound",
    "scrubbing",
    "degraded",
    "inconsistent",
    "peering",
    "repair",
    "recovering",
    "forced_recovery",
    "backfill_wait",
    "incomplete",
    "stale",
    "remapped",
    "deep",
    "backfilling",
    "forced_backfill",
    "backfill_toofull",
    "recovery_wait",
    "recovery_toofull",
    "undersized",
    "activating",
    "peered",
    "snaptrim",
    "snaptrim_wait",
    "snaptrim_error",
    "creating",
    "unknown",
    "premerge",
    "failed_repair",
    "laggy",
    "wait",
]
"""All states that the state text of a placement group can contain."""


class NotifyType(str, Enum):
    """What a notification is about. Each value equals its text."""

    mon_map = "mon_map"
    pg_summary = "pg_summary"
    health = "health"
    clog = "clog"
    osd_map = "osd_map"
    fs_map = "fs_map"
    command = "command"
    mgr_map = "mgr_map"
    mon_status = "mon_status"
    service_map = "service_map"
    perf_schema_update = "perf_schema_update"
