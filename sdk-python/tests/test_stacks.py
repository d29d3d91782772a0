"""The stacks that a module shows when `mgrd` asks for them."""

from __future__ import annotations

import socket
from threading import Event, Thread

from mgrd.runner._stacks import _answer, stacks


def waits_here(end: Event) -> None:
    end.wait()


def test_each_thread_is_shown_with_its_name() -> None:
    end = Event()
    thread = Thread(target=waits_here, args=(end,), name="waiter")
    thread.start()
    shown = stacks()
    end.set()
    thread.join()
    assert f"thread {thread.native_id} waiter:\n" in shown
    assert "in waits_here" in shown
    assert "in stacks" not in shown


def test_the_main_thread_comes_first() -> None:
    shown: list[str] = []
    asked, end = Event(), Event()
    others = [Thread(target=waits_here, args=(end,), name="waiter") for _ in range(4)]

    def asks() -> None:
        shown.append(stacks())
        asked.set()

    for thread in others:
        thread.start()
    Thread(target=asks).start()
    asked.wait()
    end.set()
    for thread in others:
        thread.join()
    assert shown[0].split(":\n", 1)[0].endswith(" MainThread"), shown[0]


def test_each_request_has_one_answer_until_the_channel_is_closed() -> None:
    host, module = socket.socketpair()
    module.setblocking(False)
    host.settimeout(20)
    thread = Thread(target=_answer, args=(module.fileno(),))
    thread.start()
    for _ in range(2):
        host.send(b"?")
        answer = b""
        while not answer.endswith(b"\0"):
            answer += host.recv(65536)
        assert answer.count(b"\0") == 1
        assert b"test_each_request_has_one_answer" in answer
    host.close()
    thread.join(20)
    module.close()
    assert not thread.is_alive()
