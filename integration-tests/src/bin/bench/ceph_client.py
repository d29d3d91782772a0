"""Works with a real Ceph as the benchmark's own client does with mgrd: `CONF SECONDS times|run|until|osds …`."""
import concurrent.futures
import json
import signal
import sys
import time
import uuid

import rados

conf, patience, what, *words = sys.argv[1:]
signal.alarm(int(patience))
end = time.monotonic() + float(patience)
cluster = rados.Rados(conffile=conf)
cluster.connect(timeout=float(patience))


def run(command):
    ret, out, err = cluster.mgr_command(command, b"")
    if ret:
        sys.exit(f"{command} ended with {ret}: {err}")
    return out


def until(command):
    while cluster.mgr_command(command, b"")[0]:
        if time.monotonic() > end:
            sys.exit(f"{command} does not come to answer")
        time.sleep(0.05)


def times(command, count):
    taken = []
    for _ in range(int(count)):
        start = time.perf_counter_ns()
        run(command)
        taken.append((time.perf_counter_ns() - start) / 1000)
    return sorted(taken)[len(taken) // 2]


def new_osd(_):
    ret, _, err = cluster.mon_command(json.dumps({"prefix": "osd new", "uuid": str(uuid.uuid4())}), b"")
    if ret:
        sys.exit(f"osd new ended with {ret}: {err}")


if what == "times":
    print(json.dumps(times(*words)))
elif what == "run":
    print(run(*words).decode() or "null")
elif what == "until":
    until(*words)
    print("null")
elif what == "osds":
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        list(pool.map(new_osd, range(int(words[0]))))
    print("null")
