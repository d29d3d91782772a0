"""Commands that a module sends to the cluster or to `mgrd`."""

from __future__ import annotations

import errno
import json
import logging
import re
from typing import Any, Optional

from mgrd import HostError, Status
from mgrd._proto import module_host_pb2 as pb
from mgrd._proto import types_pb2
from mgrd.session import Session

TARGETS = ("mon", "osd", "mds", "pg", "mgr")


def send(
    session: Session,
    result: Any,
    svc_type: str,
    svc_id: str,
    command: str,
    tag: Optional[str],
    inbuf: Optional[str],
) -> None:
    """Sends a command and returns. When the command has ended, `result.complete(retval, stdout, stderr)` is called.

    Raises ValueError for an impossible target."""
    _check_target(svc_type, svc_id)
    request = pb.SendCommandRequest(
        target_type=svc_type,
        target_id=svc_id or "",
        command=command.encode() if isinstance(command, str) else command,
        input=inbuf.encode() if isinstance(inbuf, str) else (inbuf or b""),
        tag=tag or "",
    )

    ended = session.nesting.sends()

    def finish(response: Any, error: Optional[HostError]) -> None:
        ended()
        try:
            answer = _failed(error) if error else _ended(response.outcome)
            session.documents.check_again()
            result.complete(*answer)
        except Exception:
            logging.getLogger("mgrd").exception("the completion of a command failed")

    session.start("SendCommand", request, finish)


def _failed(error: HostError) -> tuple[int, str, str]:
    timed_out = error.status is Status.DEADLINE_EXCEEDED
    return -(error.errno or (errno.ETIMEDOUT if timed_out else errno.EIO)), "", str(error)


def _ended(outcome: types_pb2.CommandOutcome) -> tuple[int, str, str]:
    return outcome.retval, outcome.stdout.decode("utf-8", "surrogateescape"), outcome.stderr


def _check_target(svc_type: str, svc_id: str) -> None:
    if svc_type not in TARGETS:
        raise ValueError(f"unknown service type: {svc_type}")
    if svc_type == "osd" and not svc_id.isdecimal():
        raise ValueError(f'invalid osd_id: "{svc_id}"')
    if svc_type == "pg" and not re.fullmatch(r"\d+\.[0-9a-f]+", svc_id):
        raise ValueError(f"invalid pgid: {svc_id}")


class Waiter:
    """A result to wait for."""

    def __init__(self) -> None:
        import threading

        self._done = threading.Event()
        self._answer = (0, "", "")

    def complete(self, retval: int, stdout: str, stderr: str) -> None:
        """Takes the answer."""
        self._answer = (retval, stdout, stderr)
        self._done.set()

    def wait(self) -> tuple[int, str, str]:
        """Waits for the answer."""
        self._done.wait()
        return self._answer


def set_device_wear_level(session: Session, devid: str, wear_level: float) -> None:
    """Stores the wear level of a device in the cluster. Raises RuntimeError if that fails."""
    known = session.documents.fresh(f"device {devid}") or {}
    facts = {
        str(key): str(value) for key, value in known.get("device", {}).items() if key.startswith("life_expectancy")
    }
    facts["wear_level"] = str(wear_level)
    waiter = Waiter()
    command = {"prefix": "config-key set", "key": f"device/{devid}", "val": json.dumps(facts)}
    send(session, waiter, "mon", "", json.dumps(command), "", None)
    retval, _, stderr = waiter.wait()
    if retval < 0:
        raise RuntimeError(
            f"cannot store the wear level of device '{devid}': {stderr or errno.errorcode.get(-retval, retval)}"
        )
