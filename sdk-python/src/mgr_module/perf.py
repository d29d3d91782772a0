"""Perf counters of the cluster's daemons."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import ceph_module

Point = List[Union[int, float]]
Labels = Sequence[Tuple[str, str]]
LabelledT = Dict[str, Dict[str, List[Dict[str, Any]]]]
"""{"osd.0": {group: [{"labels": {name: value}, "counters": {name: {…}}}]}}"""

SERVICES = ("mds", "mon", "osd", "rbd-mirror", "cephfs-mirror", "rgw", "tcmu-runner")


class PerfCounters(ceph_module.BaseMgrModule):
    """Reads perf counters. Times are in nanoseconds.

    A path is a group and a name, such as "osd.op". Several counters with labels can have the same path, so they are not
    found by path. Read them by group, name and labels."""

    PRIO_CRITICAL = 10
    PRIO_INTERESTING = 8
    PRIO_USEFUL = 5
    PRIO_UNINTERESTING = 2
    PRIO_DEBUGONLY = 0

    PERFCOUNTER_TIME = 1
    PERFCOUNTER_U64 = 2
    PERFCOUNTER_LONGRUNAVG = 4
    PERFCOUNTER_COUNTER = 8
    PERFCOUNTER_HISTOGRAM = 0x10
    PERFCOUNTER_TYPE_MASK = ~3

    BYTES = 0
    NONE = 1

    def get_perf_schema(self, svc_type: str, svc_name: str) -> Dict[str, Dict[str, Dict[str, Any]]]:
        """The schemas: {"osd.0": {path: {description, nick, type, priority, units}}}. An empty name stands for all daemons of
        the type, an empty type and name for all daemons. {} if there is no such daemon."""
        schema: Dict[str, Dict[str, Dict[str, Any]]] = self._ceph_get_perf_schema(svc_type, svc_name)
        return schema

    def get_counter(self, svc_type: str, svc_name: str, path: str) -> Dict[str, List[Point]]:
        """{path: points}: at most 20, oldest first. A point is [time, value], or [time, sum, count] of a long-run average."""
        return self._ceph_get_counter(svc_type, svc_name, path)

    def get_latest_counter(
        self,
        svc_type: str,
        svc_name: str,
        path: str,
        sub_counter: Optional[str] = None,
        labels: Optional[Labels] = None,
    ) -> Dict[str, Point]:
        """{path: newest point}; {path: []} if there is none. With `sub_counter`, `path` is the group of a counter that has
        labels."""
        if sub_counter is None:
            return self._ceph_get_latest_counter(svc_type, svc_name, path)
        return {path: self._mgrd_get_labelled_point(svc_type, svc_name, f"{path}.{sub_counter}", dict(labels or ()))}

    def get_latest(self, daemon_type: str, daemon_name: str, counter: str) -> Union[int, float]:
        """The newest value; 0 if there is none."""
        point = self.get_latest_counter(daemon_type, daemon_name, counter)[counter]
        return point[1] if point else 0

    def get_latest_avg(
        self, daemon_type: str, daemon_name: str, counter: str
    ) -> Tuple[Union[int, float], Union[int, float]]:
        """The newest (sum, count) of a long-run average; (0, 0) if there is none."""
        point = self.get_latest_counter(daemon_type, daemon_name, counter)[counter]
        return (point[1], point[2]) if len(point) > 2 else (0, 0)

    def get_all_perf_counters(
        self, prio_limit: int = PRIO_USEFUL, services: Sequence[str] = SERVICES
    ) -> Dict[str, Dict[str, Dict[str, Any]]]:
        """All counters of at least this priority, in one call: {"osd.0": {path: {…schema…, value, count?}}}."""
        return self._mgrd_get_perf_counters(prio_limit, services)

    def get_counter_latest(
        self, daemon_type: str, daemon_name: str, counter: str, sub_counter: str, labels: Labels
    ) -> Union[int, float]:
        """The newest value of a counter with labels; 0 if there is none."""
        point = self.get_latest_counter(daemon_type, daemon_name, counter, sub_counter, labels)[counter]
        return point[1] if point else 0

    def get_counter_latest_avg(
        self, daemon_type: str, daemon_name: str, counter: str, sub_counter: str, labels: Labels
    ) -> Tuple[Union[int, float], Union[int, float]]:
        """The newest (sum, count) of a long-run average with labels; (0, 0) if there is none."""
        point = self.get_latest_counter(daemon_type, daemon_name, counter, sub_counter, labels)[counter]
        return (point[1], point[2]) if len(point) > 2 else (0, 0)

    def get_perf_counters(self, prio_limit: int = PRIO_USEFUL, services: Sequence[str] = SERVICES) -> LabelledT:
        """All counters of at least this priority, with and without labels: schema, value and count."""
        return self._mgrd_get_labelled_counters(prio_limit, services)

    def get_labeled_perf_schema(self, svc_type: str, svc_name: str) -> LabelledT:
        """The schemas of all counters, with and without labels. Recent releases of Ceph call this get_perf_schema. Here,
        get_perf_schema is still what older releases have and modules expect."""
        counters = self.get_perf_counters(self.PRIO_DEBUGONLY, [svc_type] if svc_type else [])
        schema = {name: groups for name, groups in counters.items() if not svc_name or name == f"{svc_type}.{svc_name}"}
        for group in (group for groups in schema.values() for found in groups.values() for group in found):
            for counter in group["counters"].values():
                counter.pop("value")
                counter.pop("count", None)
        return schema

    get_unlabeled_perf_schema = get_perf_schema
    get_unlabeled_counter = get_counter
    get_latest_unlabeled_counter = get_latest_counter
    get_unlabeled_counter_latest = get_latest
    get_unlabeled_counter_latest_avg = get_latest_avg
    get_unlabeled_perf_counters = get_all_perf_counters

    def _stattype_to_str(self, stattype: int) -> str:
        kinds = {
            0: "gauge",
            self.PERFCOUNTER_COUNTER: "counter",
            self.PERFCOUNTER_LONGRUNAVG: "counter",
            self.PERFCOUNTER_HISTOGRAM: "histogram",
        }
        return kinds.get(stattype & self.PERFCOUNTER_TYPE_MASK, "")

    def _perfvalue_to_value(self, stattype: int, value: Union[int, float]) -> Union[float, int]:
        return value / 1_000_000_000.0 if stattype & self.PERFCOUNTER_TIME else value

    def _unit_to_str(self, unit: int) -> str:
        return {self.NONE: "/s", self.BYTES: "B/s"}.get(unit, "")
