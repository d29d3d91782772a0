"""Sends the state of your own cluster to `mgrd`.

>>> with Feed("host", socket) as feed:
...     feed.put_daemon("disk", "sda", hostname="node1", schema=[Counter("disk.reads", "reads")])
...     feed.put_counters({("disk", "sda"): [17]})
...     feed.put_health_checks({})
"""

from .._exceptions import Refused
from ._client import Feed
from ._counter import COUNTER, GAUGE, Counter

__all__ = ["COUNTER", "GAUGE", "Counter", "Feed", "Refused"]
