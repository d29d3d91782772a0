"""A module process, from hello to its end."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from mgrd._proto import module_host_pb2 as pb
from mgrd._proto import types_pb2

ANSWERS = """
    import errno, os, multiprocessing
    from mgr_module import CLICommand, HandleCommandResult, MgrModule, Option

    class Probe(MgrModule):
        MODULE_OPTIONS = [Option("size", type="int", default=3)]
        COMMANDS = [{"cmd": "probe old name=what,type=CephString", "desc": "old", "perm": "r", "poll": "true"}]

        def handle_command(self, inbuf, cmd):
            return 0, cmd["what"] + inbuf, "fine"

        @CLICommand("probe do")
        def do(self, what: str):
            return {"none": None, "pair": (0, ""), "number": (0, 5, ""), "ok": (0, "a\\n\\nb", "x"), "size":
                    (0, repr(self.get_module_option("size")), "")}[what]

        @CLICommand("probe exit")
        def exit(self):
            raise SystemExit(3)

        @CLICommand("probe fork")
        def fork(self):
            reader, writer = os.pipe()
            if os.fork() == 0:
                try:
                    self.set_store("a", "b")
                except RuntimeError as error:
                    os.write(writer, str(error).encode())
                os._exit(0)
            os.wait()
            return 0, os.read(reader, 1000).decode(), ""

        def double(self, value):
            return [value, value]

        def broken(self):
            raise ValueError("out of apples")

        def unspeakable(self):
            raise ValueError("half a pair: \\udcff")

        def rich(self):
            return {1: {2}}

        def huge(self, what):
            text = "x" * (70 << 20)
            if what == "raise":
                raise ValueError(text)
            if what == "log":
                self.log.error(text)
                return "logged"
            return text
"""


def test_says_what_it_is(start: Any) -> None:
    hello = start(ANSWERS).ready().host.hello
    declaration = hello.declaration
    assert declaration.can_run
    assert [command.cmd for command in declaration.commands][:2] == [
        "probe old name=what,type=CephString",
        "probe do name=what,type=CephString",
    ]
    assert declaration.commands[0].poll
    assert [(option.name, option.type, option.default_value) for option in declaration.options][0] == (
        "size",
        "int",
        "3",
    )
    assert {"log_level", "log_to_file", "log_to_cluster", "log_to_cluster_level"} <= {
        o.name for o in declaration.options
    }
    assert list(declaration.notify_types) == []
    assert list(declaration.roles) == [types_pb2.ROLE_ACTIVE]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("none", "returned NoneType None"),
        ("pair", "returned tuple (0, '')"),
        ("number", "as stdout, which must be str"),
    ],
)
def test_a_wrong_return_value_is_einval(start: Any, what: str, why: str) -> None:
    outcome = start(ANSWERS).ready().host.command("probe do", what=what)
    assert outcome.retval == -22
    assert why in outcome.stderr


def test_answers(start: Any) -> None:
    host = start(ANSWERS).ready().host
    assert host.command("probe do", what="ok").stdout == b"a\n\nb"
    assert host.command("probe old", what="x", inbuf=b"yz").stdout == b"xyz"
    assert "SystemExit: 3" in host.command("probe exit").stderr
    assert "not valid" in host.command("probe old", what="x", inbuf=b"\xff").stderr.replace("invalid", "not valid")
    host.set_option("size", "0x10")
    assert host.command("probe do", what="size").stdout == b"16"
    host.set_option("size", None)
    assert host.command("probe do", what="size").stdout == b"3"


def test_answers_other_modules(start: Any) -> None:
    host = start(ANSWERS).ready().host
    assert host.call("double", 7).value.data == b"[7,7]"
    assert host.call("double", value="x").value.data == b'["x","x"]'
    missing = host.call("nothing").error
    assert missing.kind == pb.REMOTE_ERROR_KIND_NO_METHOD
    assert "'nothing'" in missing.message
    raised = host.call("broken").error
    assert raised.kind == pb.REMOTE_ERROR_KIND_RAISED
    assert raised.message.startswith("Remote method threw exception: ")
    assert "out of apples" in raised.message
    assert "half a pair: ?" in host.call("unspeakable").error.message
    assert "REMOTE_PICKLE" in host.call("rich").error.message


def test_what_is_too_large_for_a_message_is_an_error_and_the_module_lives(start: Any) -> None:
    host = start(ANSWERS).ready().host
    error = host.call("huge", "return", timeout=60).error
    assert error.kind == pb.REMOTE_ERROR_KIND_RAISED
    assert "the result of 'huge' has 73400" in error.message
    assert "has room for 67107840" in error.message
    raised = host.call("huge", "raise", timeout=60).error.message
    assert "ValueError: xxx" in raised
    assert "(73400" in raised
    assert host.call("huge", "log", timeout=60).value.data == b'"logged"'
    record = host.until("log").message
    assert "xxx" in record
    assert "(73400" in record
    assert len(record) < 70_000
    assert host.call("double", 7).value.data == b"[7,7]"


def test_a_forked_child_gets_an_error_that_it_has_no_session(start: Any) -> None:
    outcome = start(ANSWERS).ready().host.command("probe fork")
    assert b"was forked from a module" in outcome.stdout


SERVING = """
    import logging, threading
    from mgr_module import MgrModule

    class Probe(MgrModule):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.end = threading.Event()
            self.set_store("started", str(self.get("osd_map")["epoch"]))

        def serve(self):
            logging.getLogger("probe").warning("two\\nlines: äöü")
            self.end.wait()
            self.set_store("ended", "yes")

        def notify(self, notify_type, notify_id):
            self.log.info("%s %s %s", notify_type, notify_id, self.get("osd_map")["epoch"])
            if notify_id == 1:
                raise ValueError("no")

        def config_notify(self):
            self.log.warning("options")

        def shutdown(self):
            self.end.set()
"""


def serving(start: Any) -> Any:
    process = start(SERVING)
    process.host.put_document("osd_map", {"epoch": 1})
    return process.ready()


def test_notifications_come_in_order_with_their_data(start: Any) -> None:
    host = serving(start).host
    assert list(host.hello.declaration.notify_types) == ["*"]
    assert host.until("log").message == "two\nlines: äöü"
    for number in range(3):
        host.set_document("osd_map", {"epoch": 10 + number})
        host.notify("osd_map", number)
    messages = [host.until("log").message for _ in range(4)]
    seen = [message.split() for message in messages if message.startswith("osd_map")]
    assert [words[1] for words in seen] == ["0", "1", "2"]
    assert all(int(words[2]) >= 10 + number for number, words in enumerate(seen))
    assert any("ValueError: no" in message for message in messages)


def test_a_changed_option_is_applied_to_logging_before_config_notify(start: Any) -> None:
    host = serving(start).host
    host.until("log")
    host.set_option("log_level", "critical")
    host.notify("quiet")
    host.set_option("log_level", "warning")
    assert host.until("log").message == "options"


def test_pings_are_answered(start: Any) -> None:
    host = serving(start).host
    host.send(ping=pb.Ping(seq=5))
    assert host.until("pong") == pb.Pong(seq=5)


def test_shutdown_ends_serve_and_the_process(start: Any) -> None:
    process = serving(start)
    process.host.send(shutdown=pb.Shutdown(grace_ms=10_000))
    assert process.exit_status() == 0
    assert process.host.store["ended"].value == "yes"
    assert process.host.store["started"].value == "1"


SLEEPING = """
import threading
from mgr_module import MgrModule

class Module(MgrModule):
    def serve(self):
        self.log.error("serving")
        threading.Event().wait()

    def shutdown(self):
        threading.Event().wait()
"""


def test_a_module_that_sleeps_through_its_end_is_named_and_ended(start: Any) -> None:
    process = start(SLEEPING).ready()
    assert process.host.until("log").message == "serving"
    process.host.send(shutdown=pb.Shutdown(grace_ms=200))
    message = process.host.until("log").message
    assert message == "shutdown() and serve() did not return within 0.16 s of the request to end"
    assert process.exit_status() == 0


def test_the_end_of_the_session_ends_the_process(start: Any) -> None:
    process = serving(start)
    process.close_host()
    assert process.exit_status() == 0


def test_stacks_on_demand(start: Any) -> None:
    process = serving(start)
    process.popen.send_signal(signal.SIGUSR2)
    assert "hread 0x" in process.popen.stderr.readline()
    process.host.send(ping=pb.Ping(seq=1))
    assert process.host.until("pong").seq == 1


def test_a_failed_serve_is_reported_and_the_process_stays(start: Any) -> None:
    host = (
        start("""
            from mgr_module import CLICommand, MgrModule
            class Probe(MgrModule):
                def serve(self):
                    raise KeyError("apples")
                @CLICommand("probe still")
                def still(self):
                    return 0, "here", ""
        """)
        .ready()
        .host
    )
    failed = host.until("failed")
    assert failed.message == "KeyError: 'apples'"
    assert "in serve" in failed.traceback
    assert "mgrd/runner" not in failed.traceback
    assert host.command("probe still").stdout == b"here"


def test_a_failed_import_is_declared_and_ends_the_process_with_77(start: Any) -> None:
    process = start("import no_such_thing")
    assert process.exit_status() == 77
    declaration = process.host.hello.declaration
    assert not declaration.can_run
    assert declaration.load_failed
    said = "module.py:1: ModuleNotFoundError: No module named 'no_such_thing'"
    assert declaration.can_run_error.endswith(f"/{said}")


def test_a_syntax_error_is_named_with_its_place_and_without_the_frames_of_the_import(start: Any) -> None:
    process = start("class Probe\n    pass\n")
    assert process.exit_status() == 77
    place, _, what = process.host.hello.declaration.can_run_error.partition(":1: ")
    assert place.endswith("/module.py")
    assert what.startswith("SyntaxError: ")
    stderr = process.popen.stderr.read()
    assert "importlib" not in stderr
    assert "class Probe" in stderr
    assert "SyntaxError" in stderr


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        ("COMMANDS = [{'desc': 'no cmd'}]", "COMMANDS attribute of {}: {{'desc': 'no cmd'}} is not a dict with 'cmd'"),
        ("COMMANDS = 'a b'", "COMMANDS attribute of {}: expected a list, found str"),
        (
            "MODULE_OPTIONS = [{'desc': 'no name'}]",
            "MODULE_OPTIONS attribute of {}: {{'desc': 'no name'}} is not a dict",
        ),
        ("MODULE_OPTIONS = ['name']", "MODULE_OPTIONS attribute of {}: 'name' is not a dict with 'name'"),
    ],
)
def test_a_mistake_in_the_declaration_is_reported_with_its_place(start: Any, flaw: str, why: str) -> None:
    process = start(f"from mgr_module import MgrModule\nclass Probe(MgrModule):\n    {flaw}\n")
    assert process.exit_status() == 77
    said = process.host.hello.declaration.can_run_error
    place = said.partition("/")[1] + said.partition("/")[2].partition(": ")[0] + ": Probe"
    assert why.format(place) in said
    assert "{}" not in why or place.endswith("module.py:2: Probe")


def test_commands_are_declared_with_their_place_however_often_one_is_there(start: Any) -> None:
    process = start("""
        from mgr_module import CLICommand, MgrModule
        class Probe(MgrModule):
            COMMANDS = [
                {"cmd": "probe a", "desc": "", "perm": "r"},
                {"cmd": "probe a name=n,type=CephInt", "desc": "", "perm": "r"},
            ]
            @CLICommand("probe a")
            def a(self):
                return 0, "", ""
    """).ready()
    commands = process.host.hello.declaration.commands
    assert [command.cmd for command in commands] == ["probe a", "probe a name=n,type=CephInt", "probe a"]
    assert [command.declared_at.rpartition("/")[2] for command in commands] == [f"module.py:{n}" for n in (5, 6, 8)]


def test_what_is_logged_while_it_is_imported_is_kept(start: Any) -> None:
    host = (
        start("""
        import logging
        logging.warning("early")
        from mgr_module import MgrModule
        class Probe(MgrModule):
            pass
    """)
        .ready()
        .host
    )
    assert host.until("log").message == "early"


def test_tracebacks_begin_with_the_module(start: Any) -> None:
    host = (
        start("""
        from mgr_module import CLICommand, MgrModule
        class Probe(MgrModule):
            @CLICommand("probe fail")
            def fail(self):
                raise KeyError("apples")
    """)
        .ready()
        .host
    )
    lines = host.command("probe fail").stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('module.py", line 6, in fail')
    assert lines[-1] == "KeyError: 'apples'"


def test_what_comes_before_the_module_is_constructed_is_answered_with_an_error(start: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    host = start(f"""
        from mgr_module import MgrModule
        class Probe(MgrModule):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                open("{tmp_path}/gate").read()

            def handle_command(self, inbuf, cmd):
                return 0, "done", ""

            def notify(self, kind, ident):
                pass

            def method(self):
                return 1
    """).host
    outcome = host.command("probe do")
    assert (outcome.retval, outcome.stderr) == (-errno.EAGAIN, "the module is starting; try again")
    assert "the module is starting" in host.call("method").error.message
    host.notify("osd_map")
    host.set_option("log_level", "debug")
    host.settle()
    (tmp_path / "gate").write_text("go")
    assert host.ready.wait(20)
    assert host.command("probe do").stdout == b"done"
    assert host.call("method").value.data == b"1"


def test_a_failed_constructor_ends_the_process(start: Any) -> None:
    process = start("""
        from mgr_module import MgrModule
        class Probe(MgrModule):
            def __init__(self, *args, **kwargs):
                raise OSError("no disk")
    """)
    assert process.exit_status() == 1
    assert "no disk" in process.popen.stderr.read()


def test_an_error_with_a_huge_text_is_shown_by_its_beginning(start: Any) -> None:
    process = start("""
        from mgr_module import MgrModule
        class Probe(MgrModule):
            def __init__(self, *args, **kwargs):
                raise OSError("no disk " + "x" * 10**7)
    """)
    assert process.exit_status() == 1
    stderr = process.popen.stderr.read()
    assert "OSError: no disk xxx" in stderr
    assert "(10000017 characters)" in stderr
    assert len(stderr) < 20_000


def test_the_reason_for_a_failed_import_is_bounded(start: Any) -> None:
    process = start("raise RuntimeError('x' * 10**7)")
    assert process.exit_status() == 77
    error = process.host.hello.declaration.can_run_error
    assert "RuntimeError: xxx" in error
    assert len(error) < 20_000


def test_describing_ends_after_the_hello(start: Any) -> None:
    process = start(ANSWERS, purpose=pb.PURPOSE_DESCRIBE)
    process.host.send(shutdown=pb.Shutdown())
    assert process.exit_status() == 0
    assert not process.host.ready.is_set()


REPLACING = """
    import contextlib, json, os, pickle, queue, sys, time, traceback
    from mgr_module import CLICommand, MgrModule

    def useless(*args, **kwargs):
        pass

    for owner, names in {
        contextlib: ["suppress"], json: ["dumps", "loads"], os: ["_exit"],
        pickle: ["dumps", "loads"], queue: ["SimpleQueue"], sys: ["exit"], time: ["monotonic"],
        traceback: ["format_exception"],
    }.items():
        for name in names:
            setattr(owner, name, useless)
    sys.stdout = sys.stderr = None

    class Probe(MgrModule):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.set_store("constructed", "yes")

        @CLICommand("probe fail")
        def fail(self):
            raise KeyError("apples")

        def double(self, value):
            return [value, value]

        def notify(self, notify_type, notify_id):
            self.log.warning("%s %s", notify_type, notify_id)
"""


def test_a_module_that_replaces_functions_of_the_library_is_described_without_being_constructed(start: Any) -> None:
    process = start(REPLACING, purpose=pb.PURPOSE_DESCRIBE)
    process.host.send(shutdown=pb.Shutdown(grace_ms=60_000))
    assert process.exit_status() == 0
    assert "constructed" not in process.host.store


def test_a_module_that_replaces_functions_of_the_library_works_and_ends(start: Any) -> None:
    process = start(REPLACING).ready()
    host = process.host
    assert host.command("probe fail").stderr.endswith("KeyError: 'apples'")
    assert host.call("double", 7).value.data == b"[7,7]"
    host.notify("osd_map", 5)
    assert host.until("log").message == "osd_map 5"
    host.send(shutdown=pb.Shutdown(grace_ms=60_000))
    assert process.exit_status() == 0


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("False, 'no apples'", "no apples"),
        ("True", "wrong type returned from can_run: True, expected (bool, str)"),
        ("1 / 0", "can_run raised ZeroDivisionError: division by zero"),
    ],
)
def test_can_run_is_reported(start: Any, answer: str, why: str) -> None:
    process = start(f"""
        from mgr_module import MgrModule
        class Probe(MgrModule):
            @staticmethod
            def can_run():
                return {answer}
    """).ready()
    declaration = process.host.hello.declaration
    assert (declaration.can_run, declaration.can_run_error) == (False, why)
    assert not declaration.load_failed


def test_the_standby_half_reads_and_serves(start: Any) -> None:
    process = start(
        """
        from mgr_module import MgrModule, MgrStandbyModule, Option
        class Probe(MgrModule):
            MODULE_OPTIONS = [Option("size", type="int", default=3)]
        class Standby(MgrStandbyModule):
            MODULE_OPTIONS = Probe.MODULE_OPTIONS
            def serve(self):
                seen = (self.get_module_option("size"), self.get_store("a"), self.get_active_uri(), self.get("osd_map"))
                self.log.warning("%r", seen)
        """,
        role=types_pb2.ROLE_STANDBY,
    )
    process.host.constants.active_uri = "http://there/"
    process.ready()
    assert list(process.host.hello.declaration.roles) == [types_pb2.ROLE_ACTIVE, types_pb2.ROLE_STANDBY]
    assert process.host.until("log").message == "(3, None, 'http://there/', None)"
