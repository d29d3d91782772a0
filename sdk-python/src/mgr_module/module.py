"""The class that modules derive from."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional, Tuple, Union

from .cluster import Cluster
from .commands import CLICommand
from .db import Database
from .logs import ModuleLogging
from .perf import PerfCounters
from .queries import PerfQueries
from .reporting import Reporting
from .results import HandleCommandResult


class MgrModule(Cluster, Database, PerfCounters, PerfQueries, Reporting):
    """A module. Override what you need: `serve` for its own work, `notify` for changes of the cluster, `config_notify` for
    changes of options, `shutdown` to end `serve`, and `can_run` to report that something is missing."""

    COMMANDS: List[Dict[str, Any]] = []
    NOTIFY_TYPES: List[str]
    """The notifications that the module wants. Without this attribute, it gets all."""
    REMOTE_PICKLE = False
    """Whether remote calls may carry any Python value. Both modules must allow it."""
    COMMAND_THREADS = 1
    """How many commands may run at the same time. If it is more than one, handlers must be thread-safe."""

    def __init__(self, module_name: str, py_modules_ptr: object, this_ptr: Any) -> None:
        super().__init__(py_modules_ptr, this_ptr)
        self.module_name = module_name
        self._rados: Any = None
        self._prepare_options()
        self._prepare_database()
        self._logging = ModuleLogging(self, this_ptr.log_handler)
        self._apply_logging()

    @property
    def log(self) -> logging.Logger:
        """The module's logger."""
        return logging.getLogger(self.module_name)

    def getLogger(self, name: Optional[str] = None) -> logging.Logger:
        """A logger."""
        return logging.getLogger(name)

    def serve(self) -> None:
        """The module's own work, on its own thread. It may block until `shutdown`, or return."""

    def shutdown(self) -> None:
        """Makes `serve` return. It is called from another thread."""
        self.close_db()
        if self._rados is not None:
            self._rados.shutdown()
            self._rados = None

    def notify(self, notify_type: str, notify_id: Any) -> None:
        """Called when something has changed. Calls come in order, on their own thread."""

    def config_notify(self) -> None:
        """Called when options of this module or of the manager have changed."""

    @staticmethod
    def can_run() -> Tuple[bool, str]:
        """Whether the module can run here, and if not, the reason. It must not block."""
        return True, ""

    def handle_command(self, inbuf: str, cmd: Dict[str, Any]) -> Union[HandleCommandResult, Tuple[int, str, str]]:
        """Answers a command of COMMANDS. Returns (retval, output, error text)."""
        raise NotImplementedError(
            f"the module '{self.module_name}' declares '{cmd['prefix']}' but has no handle_command"
        )

    def self_test(self) -> None:
        """A test of the module in a running manager."""

    @property
    def rados(self) -> Any:
        """A connected `rados.Rados`. Raises RuntimeError if something is missing."""
        if self._rados is None:
            from .librados import connect

            self._rados = connect(self.get_ceph_conf_path())
        return self._rados

    @classmethod
    def _register_commands(cls, module_name: str) -> None:
        decorated = CLICommand.dump_cmd_list()
        # Tests may declare the same class several times in one process.
        cls.COMMANDS = [*(entry for entry in cls.COMMANDS if entry not in decorated), *decorated]

    def _handle_command(self, inbuf: Optional[str], cmd: Dict[str, Any]) -> Any:
        command = CLICommand.COMMANDS.get(cmd["prefix"])
        if command is not None:
            return command.call(self, cmd, inbuf)
        return self.handle_command(inbuf or "", cmd)

    def _config_notify(self) -> None:
        self._apply_logging()
        self.config_notify()

    def _apply_logging(self) -> None:
        constants = self._session.constants
        self._logging.apply(
            module_level=str(self.get_module_option("log_level", "")),
            daemon_level=constants.debug_mgr,
            cluster_level=str(self.get_module_option("log_to_cluster_level", "info")),
            to_file=bool(self.get_module_option("log_to_file")),
            to_cluster=bool(self.get_module_option("log_to_cluster")),
            daemon_file=constants.log_file,
        )
