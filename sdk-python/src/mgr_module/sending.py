"""Commands that a module sends, and calls to other modules."""

from __future__ import annotations

import errno
import json
import subprocess
from typing import Any, Dict, List, Optional, Tuple

import ceph_module

from .results import CommandResult, HandleCommandResult, MonCommandFailed


class Sending(ceph_module.BaseMgrModule):
    """Asking others to do something, as a part of MgrModule."""

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
        """Sends a command (JSON text with "prefix") to "mon", "osd", "mds", "pg" or "mgr" and returns at once;
        `result.wait()` has the answer, and the notification "command" names the tag. ValueError: impossible target."""
        self._ceph_send_command(result, svc_type, svc_id, command, tag, inbuf, one_shot=one_shot)

    def mon_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> Tuple[int, str, str]:
        """Runs a command of the cluster or of mgrd and waits: (retval, output, text for people)."""
        return self.tell_command("mon", "", cmd_dict, inbuf)

    def osd_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> Tuple[int, str, str]:
        """Runs a command on the OSD `cmd_dict["id"]` and waits."""
        return self.tell_command("osd", str(cmd_dict["id"]), cmd_dict, inbuf)

    def tell_command(
        self,
        daemon_type: str,
        daemon_id: str,
        cmd_dict: Dict[str, Any],
        inbuf: Optional[str] = None,
        one_shot: bool = False,
    ) -> Tuple[int, str, str]:
        """Runs a command on a daemon and waits."""
        result = CommandResult()
        self.send_command(result, daemon_type, daemon_id, json.dumps(cmd_dict), "", inbuf, one_shot=one_shot)
        return result.wait()

    def check_mon_command(self, cmd_dict: Dict[str, Any], inbuf: Optional[str] = None) -> HandleCommandResult:
        """Like `mon_command`; raises MonCommandFailed if the command ended with an error."""
        result = HandleCommandResult(*self.mon_command(cmd_dict, inbuf))
        if result.retval:
            raise MonCommandFailed(f"{cmd_dict['prefix']} failed: {result.stderr} retval: {result.retval}")
        return result

    def tool_exec(self, args: List[str], timeout: int = 10, stdin: Optional[bytes] = None) -> Tuple[int, str, str]:
        """Runs a program with this manager's name and keyring: (exit status, stdout, stderr)."""
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
        """Calls a method of another module. ImportError: it is not enabled; NameError: it has no such method; RuntimeError:
        the method raised (its traceback is in the text) or did not answer in time.

        Arguments and result are JSON values; with REMOTE_PICKLE = True in both modules, any value that pickle knows."""
        return self._ceph_dispatch_remote(module_name, method_name, args, kwargs)

    def is_authorized(self, arguments: Dict[str, str]) -> bool:
        """Whether the client whose command is running may touch these things."""
        return self._ceph_is_authorized(arguments)
