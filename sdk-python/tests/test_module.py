"""What a module can do, inside the test."""

from __future__ import annotations

import copy
import errno
import logging
from typing import Any

import pytest

from mgr_module import CLICommand, CommandResult, MgrEvalMixin, MgrModule, MonCommandFailed, Option
from mgrd import Status
from mgrd._exceptions import host_error
from mgrd._proto import module_host_pb2 as pb
from mgrd._proto import types_pb2
from mgrd.runner._invoke import run_command
from mgrd.testing import Harness


class Probe(MgrModule):
    MODULE_OPTIONS = [
        Option("count", type="int", default=3),
        Option("bare", default=5),
        Option("ratio", type="float"),
        Option("on", type="bool", default=False),
    ]


@pytest.fixture
def harness() -> Any:
    with Harness(Probe, options={"ratio": "0.5"}, store={"b": "2", "a": "1", "x/b": "local"}) as running:
        yield running


def refuse(harness: Any, call: str, status: Status, text: str) -> None:
    def handler(_request: Any) -> None:
        raise host_error(status, text)

    harness.host.handlers[call] = handler


def test_one_class_can_be_tested_many_times() -> None:
    class Again(MgrModule):
        @CLICommand("again")
        def again(self) -> Any:
            return 0, "and again", ""

    for _ in range(2):
        with Harness(Again) as harness:
            assert harness.command("again").stdout == "and again"


def test_options(harness: Any) -> None:
    module = harness.instance
    assert [module.get_module_option(name) for name in ("count", "bare", "ratio", "on")] == [3, "5", 0.5, False]
    module.set_module_option("on", True)
    assert module.get_module_option("on") is True
    module.set_module_option("count", 7)
    module.set_localized_module_option("count", 8)
    assert (module.get_module_option("count"), module.get_localized_module_option("count")) == (7, 8)
    module.set_module_option("count", None)
    assert module.get_module_option("count") == 3
    harness.set_option("count", "0x20")
    assert module.get_module_option("count") == 32
    for method in (module.get_module_option, module.get_localized_module_option):
        with pytest.raises(RuntimeError, match=r"'zz' is not in Probe\.MODULE_OPTIONS"):
            method("zz")
    assert module.get_module_option_ex("other", "key", "default") == "default"


def test_a_refused_write_raises_and_changes_nothing(harness: Any) -> None:
    refuse(harness, "SetModuleOption", Status.INVALID_ARGUMENT, "count: 99 is more than 10")
    with pytest.raises(ValueError, match="99 is more than 10"):
        harness.instance.set_module_option("count", 99)
    assert harness.instance.get_module_option("count") == 3
    refuse(harness, "SetStore", Status.UNAVAILABLE, "disk full")
    with pytest.raises(RuntimeError, match="disk full"):
        harness.instance.set_store("a", "new")
    assert harness.instance.get_store("a") == "1"


def test_store(harness: Any) -> None:
    module = harness.instance
    assert list(module.get_store_prefix("").items()) == [("a", "1"), ("b", "2"), ("x/b", "local")]
    assert (module.get_store("b"), module.get_localized_store("b"), module.get_localized_store("a")) == (
        "2",
        "local",
        "1",
    )
    module.set_store("b", None)
    assert module.get_store("b", "gone") == "gone"
    for key, value, error in (("k", 5, TypeError), ("k", "a\0b", ValueError)):
        with pytest.raises(error):
            module.set_store(key, value)


def test_documents_are_read_once_and_again_when_they_change(harness: Any) -> None:
    harness.host.put_document("osd_map", {"osds": [{"osd": 0}]})
    module = harness.instance
    first = module.get("osd_map")
    first["osds"][0]["osd"] = "changed"
    harness.set_document("osd_map", {"osds": [{"osd": 1}]})
    assert module.get("osd_map") == {"osds": [{"osd": 1}]}
    reads = [name for name, _ in harness.host.calls].count("GetDocument")
    assert module.get("osd_map") == {"osds": [{"osd": 1}]}
    assert module.get("osd_map", mutable=False) is module.get("osd_map", mutable=False)
    assert [name for name, _ in harness.host.calls].count("GetDocument") == reads
    module.set_module_option("count", 1)
    module.get("osd_map")
    assert [name for name, _ in harness.host.calls].count("GetDocument") == reads + 1
    assert module.get("nothing") is None


def test_input_that_is_not_text_is_refused_before_the_module_sees_it(harness: Any) -> None:
    command = pb.Command(prefix="x", args=b"{}", input=b"ok \xff", has_input=True)
    outcome = run_command(harness.instance, command)
    assert (outcome.retval, outcome.stdout) == (-errno.EINVAL, b"")
    assert "not UTF-8" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_the_shared_form_refuses_every_change(harness: Any) -> None:
    harness.host.put_document("d", {"list": [{"deep": 1}]})
    shared = harness.instance.get("d", mutable=False)
    changes: list[Any] = [
        lambda: shared.update(a=1),
        lambda: shared.pop("list"),
        lambda: shared["list"].append(1),
        lambda: shared["list"].sort(),
        lambda: shared["list"][0].__setitem__("deep", 2),
        lambda: shared["list"][0].setdefault("a", 2),
    ]
    for change in changes:
        with pytest.raises(TypeError, match="read-only"):
            change()
    thawed = copy.deepcopy(shared)
    thawed["list"].append(1)
    assert (type(thawed), thawed) == (dict, {"list": [{"deep": 1}, 1]})


def test_health_checks_keep_what_fits(harness: Any) -> None:
    module, host = harness.instance, harness.host
    module.set_health_checks(
        {
            "GOOD": {"severity": "warning", "summary": "s", "count": 2, "detail": ["a", 5, "b"]},
            "ODD": {"severity": "odd", "summary": 7, "unknown": 1},
            "NOT_A_DICT": [],
        }
    )
    good = host.health_checks["GOOD"]
    assert (good.severity, good.summary, good.count, list(good.detail)) == (1, "s", 2, ["a", "b"])
    assert host.health_checks["ODD"] == types_pb2.HealthCheck(code="ODD")
    assert set(host.health_checks) == {"GOOD", "ODD"}
    module.set_health_checks("nonsense")
    assert set(host.health_checks) == {"GOOD", "ODD"}
    module.set_health_checks({})
    assert host.health_checks == {}


def test_commands_to_the_cluster(harness: Any) -> None:
    module = harness.instance
    assert module.mon_command({"prefix": "nonsense"}) == (-22, "", "command not known")
    with pytest.raises(MonCommandFailed, match="nonsense failed: command not known retval: -22"):
        module.check_mon_command({"prefix": "nonsense"})
    refuse(harness, "SendCommand", Status.DEADLINE_EXCEEDED, "no answer came")
    assert module.mon_command({"prefix": "x"}) == (-110, "", "no answer came")
    for target, why in (
        (("osd", "abc"), 'invalid osd_id: "abc"'),
        (("pg", "1"), "invalid pgid: 1"),
        (("what", ""), "unknown"),
    ):
        with pytest.raises(ValueError, match=why):
            module.send_command(CommandResult(), *target, "{}", "")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (Status.NOT_FOUND, ImportError),
        (Status.UNIMPLEMENTED, NameError),
        (Status.UNKNOWN, RuntimeError),
        (Status.DEADLINE_EXCEEDED, RuntimeError),
    ],
)
def test_failed_remote_calls(harness: Any, code: Status, error: type[Exception]) -> None:
    refuse(harness, "CallModule", code, "the reason")
    with pytest.raises(error, match="the reason"):
        harness.instance.remote("other", "method")


def test_remote_calls_carry_json_and_the_chain(harness: Any) -> None:
    seen = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return pb.CallModuleResponse(value=types_pb2.Payload(data=b'{"a": [1]}'))

    harness.host.handlers["CallModule"] = answer
    harness.session.calling.chain = ["first"]
    assert harness.instance.remote("other", "method", 1, (2,), key=None) == {"a": [1]}
    assert (seen[0].args.data, seen[0].kwargs.data, list(seen[0].chain)) == (b"[1,[2]]", b'{"key":null}', ["first"])
    with pytest.raises(TypeError, match=r"value\[0\] has the key 1, a int"):
        harness.instance.remote("other", "method", {1: 2})
    harness.session.rich_payloads = True
    harness.instance.remote("other", "method", {1: 2})
    assert seen[1].args.encoding == "pickle"


def test_a_call_to_oneself(harness: Any) -> None:
    assert harness.instance.remote("probe", "get_mgr_id") == "x"
    with pytest.raises(NameError):
        harness.instance.remote("probe", "nothing")
    with pytest.raises(RuntimeError, match="(?s)Remote method threw exception: .*zz"):
        harness.instance.remote("probe", "get_module_option", "zz")


def test_all_counters_in_one_call(harness: Any) -> None:
    schema = pb.PerfSchema(
        id=1,
        counters=[
            types_pb2.CounterSchema(path="osd.op", description="ops", nick="op", type=10, priority=8, units=1),
            types_pb2.CounterSchema(path="osd.lat", description="lat", type=5, priority=5, units=1),
            types_pb2.CounterSchema(path="osd.debug", type=2, priority=0),
        ],
    )

    def answer(request: Any) -> Any:
        packed = pb.PackedCounters(
            daemon=types_pb2.DaemonKey(type="osd", id="0"), schema_id=1, values=[7, 8, 9], counts=[2]
        )
        return pb.GetPerfCountersResponse(schemas=[] if 1 in request.known_schemas else [schema], daemons=[packed])

    harness.host.handlers["GetPerfCounters"] = answer
    for _ in range(2):
        assert harness.instance.get_all_perf_counters() == {
            "osd.0": {
                "osd.op": {"description": "ops", "nick": "op", "type": 10, "priority": 8, "units": 1, "value": 7},
                "osd.lat": {"description": "lat", "type": 5, "priority": 5, "units": 1, "value": 8, "count": 2},
            }
        }


def test_unknown_things(harness: Any) -> None:
    with pytest.raises(KeyError, match="option not found: zz"):
        harness.instance.get_ceph_option("zz")
    assert harness.instance.get_metadata("osd", "9", {"a": "b"}) == {"a": "b"}
    with pytest.raises(TypeError):
        harness.instance.get_metadata("osd", 9)
    with pytest.raises(RuntimeError, match="ceph_conf"):
        _ = harness.instance.rados


def test_logging_into_a_file_and_the_cluster_log(harness: Any, tmp_path: Any) -> None:
    harness.session.constants.log_file = str(tmp_path / "mgr.x.log")
    harness.set_option("log_to_file", "true")
    harness.set_option("log_to_cluster", "true")
    harness.set_option("log_to_cluster_level", "error")
    log = logging.getLogger("anything")
    log.warning("only for the file")
    log.error("two\nlines äöü")
    text = (tmp_path / "mgr.x.probe.log").read_text(encoding="utf-8")
    assert "only for the file" in text
    assert "two\nlines äöü" in text
    assert [(entry.channel, entry.message) for entry in harness.host.cluster_log] == [("probe", "two\nlines äöü")]
    assert harness.session.log_handler not in logging.getLogger().handlers
    harness.set_option("log_to_file", "false")
    assert harness.session.log_handler in logging.getLogger().handlers


class Talking(MgrEvalMixin, MgrModule):
    """A module to talk to."""


def test_evaluation_only_where_it_is_allowed() -> None:
    with Harness(Talking) as harness:
        assert harness.command("mgr talking eval", "1+1").retval == -1
        harness.session.constants.allow_eval = True
        assert harness.command("mgr talking eval", "a = 20\n").stdout == ""
        assert harness.command("mgr talking eval", "a + 1").stdout == "21\n"
        assert harness.command("mgr talking eval", "mgr.get_mgr_id()").stdout == "'x'\n"
        assert harness.command("mgr talking eval", "a", console="other").stdout.endswith(
            "NameError: name 'a' is not defined\n"
        )
        assert harness.command("mgr talking eval", "for x in 1,:").stderr == "the input is not complete"


def test_a_context_that_cannot_be_says_why_when_librados_wants_it(harness: Any) -> None:
    context = harness.instance.get_context()
    with pytest.raises(RuntimeError, match="ceph_conf"):
        bool(context)
