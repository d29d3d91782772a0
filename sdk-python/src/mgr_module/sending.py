"""Commands that a module sends, and calls to other modules."""

from __future__ import annotations

import errno
import json
import subprocess
from typing import Any, Dict, List, Optional, Tuple

import ceph_module

from .results import CommandResult, HandleCommandResult, MonCommandFailed


class Sending(ceph_module.BaseMgrModule):
    """Sends commands and calls other modules."""

    def send_command(
        self,
        result: CommandResult,
        svc_type: str,
        svc_id: str,
        command: str,
        tag: Optional[str],
        inbuf: Optional[str] = None,
        *,
        one_shot: bool = False,
    ) -> None:
        """Sends a command, which is JSON text with "prefix", to "mon", "osd", "mds", "pg" or "mgr", and returns at once.
        `result.wait()` waits for the result. When it is there, the notification "command" has the tag as its id. Raises
        ValueError for an impossible target."""
        self._ceph_send_command(result, svc_type, svc_id, command, tag, inbuf, one_shot=one_shot)

    def mon_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> Tuple[int, str, str]:
        """Runs a command of the cluster or of mgrd and waits for its result: (retval, output, error text)."""
        return self.tell_command("mon", "", cmd_dict, inbuf)

    def osd_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> Tuple[int, str, str]:
        """Runs a command on the OSD `cmd_dict["id"]` and waits for its result."""
        return self.tell_command("osd", str(cmd_dict["id"]), cmd_dict, inbuf)

    def tell_command(
        self,
        daemon_type: str,
        daemon_id: str,
        cmd_dict: Dict[str, Any],
        inbuf: Optional[str] = None,
        one_shot: bool = False,
    ) -> Tuple[int, str, str]:
        """Runs a command on a daemon and waits for its result."""
        result = CommandResult()
        self.send_command(result, daemon_type, daemon_id, json.dumps(cmd_dict), "", inbuf, one_shot=one_shot)
        return result.wait()

    def check_mon_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> HandleCommandResult:
        """Like `mon_command`, but raises MonCommandFailed if the command fails."""
        result = HandleCommandResult(*self.mon_command(cmd_dict, inbuf))
        if result.retval:
            raise MonCommandFailed(f"{cmd_dict['prefix']} failed: {result.stderr} retval: {result.retval}")
        return result

    def tool_exec(self, args: List[str], timeout: int = 10, stdin: Optional[bytes] = None) -> Tuple[int, str, str]:
        """Runs a program with the name and the keyring of this manager: (exit status, stdout, stderr)."""
        command = [
            args[0],
            "-k",
            str(self._ceph_get_option("keyring")),
            "-n",
            f"mgr.{self._ceph_get_mgr_id()}",
            *args[1:],
        ]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired as error:
            return -errno.ETIMEDOUT, "", str(error)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def remote(self, module_name: str, method_name: str, *args: Any, **kwargs: Any) -> Any:
        """Calls a method of another module. Raises ImportError if the module is not enabled, NameError if it has no such
        method, and RuntimeError if the method did not answer in time or raised an exception, with its traceback.

        Arguments and result are JSON values, or any value that pickle supports if both modules set REMOTE_PICKLE = True."""
        return self._ceph_dispatch_remote(module_name, method_name, args, kwargs)

    def is_authorized(self, arguments: Dict[str, str]) -> bool:
        """Whether the client whose command is running has access to these things."""
        return self._ceph_is_authorized(arguments)
