"""Perf queries: dynamic counters that a module requests from Ceph's own daemons.

No feed passes them on yet. A query that is accepted finds nothing, as on a cluster whose daemons are idle.
"""

from __future__ import annotations

import itertools
import logging
import re
from typing import Any, NamedTuple, Optional

_log = logging.getLogger("mgrd")


class Kind(NamedTuple):
    """What a query to one kind of daemon may contain."""

    keys: frozenset[str]
    counters: frozenset[str]


def _kind(keys: str, counters: str) -> Kind:
    return Kind(frozenset(keys.split()), frozenset(counters.split()))


OSD = _kind(
    "client_id client_address pool_id namespace osd_id pg_id object_name snap_id",
    "ops write_ops read_ops bytes write_bytes read_bytes latency write_latency read_latency",
)
MDS = _kind(
    "mds_rank client_id subvolume_path",
    "cap_hit read_latency write_latency metadata_latency dentry_lease opened_files pinned_icaps opened_inodes"
    " read_io_sizes write_io_sizes avg_read_latency stdev_read_latency avg_write_latency stdev_write_latency"
    " avg_metadata_latency stdev_metadata_latency",
)


class Queries:
    """The queries of one module to one kind of daemon."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._ids = itertools.count()
        self._known: set[int] = set()

    def add(self, query: Any) -> Optional[int]:
        """The id of the new query, from 0. None if the query is not valid; then the log says why."""
        try:
            self._check(query)
        except (KeyError, TypeError, ValueError, re.error) as why:
            _log.error("the perf query is refused: %s", why)
            return None
        query_id = next(self._ids)
        self._known.add(query_id)
        return query_id

    def remove(self, query_id: int) -> None:
        """Ends a query. If it is unknown, that is only logged."""
        if query_id not in self._known:
            _log.error("there is no perf query %s to remove", query_id)
        self._known.discard(query_id)

    def __contains__(self, query_id: object) -> bool:
        return query_id in self._known

    def _check(self, query: Any) -> None:
        _only(query, "query", {"key_descriptor", "performance_counter_descriptors", "limit"})
        keys, counters = query["key_descriptor"], query["performance_counter_descriptors"]
        if not isinstance(keys, list) or not keys or not isinstance(counters, list) or not counters:
            raise TypeError(
                "'key_descriptor' and 'performance_counter_descriptors' must be lists with something in them"
            )
        for key in keys:
            _only(key, "key_descriptor", {"type", "regex"})
            _known(key["type"], "type", self._kind.keys)
            if not re.compile(key["regex"]).groups:
                raise ValueError(f"the regex {key['regex']!r} has no group that says what to count by")
        for counter in counters:
            _known(counter, "performance_counter_descriptors", self._kind.counters)
        if "limit" in query:
            limit = query["limit"]
            _only(limit, "limit", {"order_by", "max_count"})
            _known(limit["order_by"], "order_by", self._kind.counters)
            if not isinstance(limit["max_count"], int) or limit["max_count"] < 1:
                raise ValueError(f"'max_count' is {limit['max_count']!r}; it must be a number from 1 on")


def _only(value: Any, name: str, allowed: set[str]) -> None:
    if not isinstance(value, dict):
        raise TypeError(f"'{name}' must be a dict, not {value!r}")
    for key in value:
        if key not in allowed:
            raise ValueError(f"'{name}' has the key {key!r}; it knows {', '.join(sorted(allowed))}")


def _known(value: Any, name: str, allowed: frozenset[str]) -> None:
    if value not in allowed:
        raise ValueError(f"'{name}' is {value!r}; it may be {', '.join(sorted(allowed))}")
