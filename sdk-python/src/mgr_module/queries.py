"""Queries for dynamic perf counters, which only Ceph's own daemons can answer."""

from __future__ import annotations

from typing import Any, Dict, Optional

import ceph_module


class PerfQueries(ceph_module.BaseMgrModule):
    """Perf queries. No feed passes them on yet, so a query that is accepted finds nothing."""

    def add_osd_perf_query(self, query: Dict[str, Any]) -> Optional[int]:
        """The query's id, or None if it is not accepted."""
        return self._ceph_add_osd_perf_query(query)

    def remove_osd_perf_query(self, query_id: int) -> None:
        """Ends a query."""
        self._ceph_remove_osd_perf_query(query_id)

    def get_osd_perf_counters(self, query_id: int) -> Optional[Dict[str, Any]]:
        """What a query found: {"counters": [{"k": [[key part]], "c": [[value, count]]}]}. None if it is unknown."""
        return self._ceph_get_osd_perf_counters(query_id)

    def add_mds_perf_query(self, query: Dict[str, Any]) -> Optional[int]:
        """The query's id, or None if it is not accepted."""
        return self._ceph_add_mds_perf_query(query)

    def remove_mds_perf_query(self, query_id: int) -> None:
        """Ends a query."""
        self._ceph_remove_mds_perf_query(query_id)

    def reregister_mds_perf_queries(self) -> None:
        """Renews queries after a failover."""
        self._ceph_reregister_mds_perf_queries()

    def get_mds_perf_counters(self, query_id: int) -> Optional[Dict[str, Any]]:
        """What a query found: {"metrics": [[delayed ranks], [counters], [last updated]]}. None if it is unknown."""
        return self._ceph_get_mds_perf_counters(query_id)
