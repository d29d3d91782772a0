"""What a module reports to the operator."""

from __future__ import annotations

from enum import IntEnum

import ceph_module

from .api import API
from .constants import HealthChecksT


class ClusterLogPrio(IntEnum):
    """Priorities of the cluster log."""

    DEBUG = 0
    INFO = 1
    SEC = 2
    WARN = 3
    ERROR = 4


class Reporting(ceph_module.BaseMgrModule):
    """Reports health checks, progress and URIs, and writes to the cluster log."""

    ClusterLogPrio = ClusterLogPrio

    def set_health_checks(self, checks: HealthChecksT) -> None:
        """Replaces all health checks of this module: {code: {severity: "warning" or "error", summary, count, detail:
        [line]}}. {} clears them."""
        self._ceph_set_health_checks(checks)

    def cluster_log(self, channel: str, priority: int, message: str) -> None:
        """Adds a line to the cluster log."""
        self._ceph_cluster_log(channel, priority, message)

    @API.expose
    def set_uri(self, uri: str) -> None:
        """Publishes the URI at which this module serves. An empty text withdraws it."""
        self._ceph_set_uri(uri)

    def update_progress_event(self, evid: str, desc: str, progress: float, add_to_ceph_s: bool = False) -> None:
        """Creates a progress event, or sets how much of it is done, from 0 to 1. `status` can show it too."""
        self._ceph_update_progress_event(evid, desc, progress, add_to_ceph_s)

    def complete_progress_event(self, evid: str) -> None:
        """Ends a progress event."""
        self._ceph_complete_progress_event(evid)

    def clear_all_progress_events(self) -> None:
        """Removes the progress events of this module, those that have ended too. Those of other modules stay."""
        self._ceph_clear_all_progress_events()

    @API.expose
    def set_device_wear_level(self, devid: str, wear_level: float) -> None:
        """Stores how worn a device is, from 0 to 1."""
        self._ceph_set_device_wear_level(devid, wear_level)
