"""Notifications of a module that is slower than they come."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import Callable

import pytest

from mgrd.runner import _notifications
from mgrd.runner._notifications import Notifications


class Slow:
    """A queue whose thread waits in its first task."""

    def __init__(self) -> None:
        self.notifications = Notifications()
        self.seen: list[object] = []
        self._go = Event()
        begun = Event()
        self.notifications.put(lambda: (begun.set(), self._go.wait())[1])  # type: ignore[arg-type]
        assert begun.wait(10)

    def put(self, what: object, same: object = None, size: int = 0) -> None:
        self.notifications.put(partial(self.seen.append, what), same, size)

    def rest(self) -> list[object]:
        """Lets the thread go on, and returns what came."""
        end = Event()
        self.notifications.put(end.set)
        self._go.set()
        assert end.wait(10)
        return self.seen


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    def set_limits(waiting: int, size: int) -> None:
        monkeypatch.setattr(_notifications, "MOST_WAITING", waiting)
        monkeypatch.setattr(_notifications, "MOST_BYTES", size)

    return set_limits


def test_equal_ones_that_wait_are_one() -> None:
    slow = Slow()
    for number in range(3):
        slow.put(("osd_map", number), same="osd_map")
        slow.put(("clog", number))
    assert slow.rest() == [("osd_map", 0), ("clog", 0), ("clog", 1), ("clog", 2)]


def test_the_oldest_is_dropped_and_counted(
    limits: Callable[[int, int], None], caplog: pytest.LogCaptureFixture
) -> None:
    slow = Slow()
    limits(4, 1 << 20)
    for number in range(9):
        slow.put(number)
    assert slow.rest() == [6, 7, 8]
    assert [record.getMessage().split(": ")[1] for record in caplog.records] == ["6 dropped so far"]


def test_they_are_weighed(limits: Callable[[int, int], None]) -> None:
    slow = Slow()
    limits(100, 100)
    for number in range(9):
        slow.put(number, size=40)
    assert slow.rest() == [7, 8]


def test_an_error_in_a_handler_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    slow = Slow()
    slow.notifications.put(lambda: 1 // 0)  # type: ignore[arg-type]
    slow.put("next")
    assert slow.rest() == ["next"]
    assert "unhandled exception" in caplog.text
