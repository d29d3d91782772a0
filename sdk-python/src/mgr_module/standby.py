"""The standby half of a module."""

from __future__ import annotations

import logging
import socket
from typing import Any, List, Optional

import ceph_module
from mgrd._values import OptionValue

from .logs import ModuleLogging
from .options import Option, defaults_of, with_logging_options


class MgrStandbyModule(ceph_module.BaseMgrStandbyModule):
    """Runs on standby managers. It can read options and the store, and find out where the active module serves."""

    MODULE_OPTIONS: List[Option] = []

    def __init__(self, module_name: str, capsule: Any) -> None:
        super().__init__(capsule)
        self.module_name = module_name
        self._defaults = defaults_of(with_logging_options(self.MODULE_OPTIONS))
        self._logging = ModuleLogging(self, capsule.log_handler)
        self._config_notify()

    @property
    def log(self) -> logging.Logger:
        """The module's logger."""
        return logging.getLogger(self.module_name)

    def getLogger(self, name: Optional[str] = None) -> logging.Logger:
        """A logger."""
        return logging.getLogger(name)

    def serve(self) -> None:
        """The work of the module. It must be overridden."""
        raise NotImplementedError("a standby module needs a serve method")

    def shutdown(self) -> None:
        """Makes `serve` return. It is called when this manager becomes active or ends."""

    def get_mgr_id(self) -> str:
        """The name of this manager."""
        return self._ceph_get_mgr_id()

    def get_mgr_ip(self) -> str:
        """The address of this manager."""
        ips = self.get("mgr_ips")["ips"]
        return str(ips[0]) if ips else socket.gethostname()

    def get_active_uri(self) -> str:
        """The URI at which this module serves on the active manager; empty if there is none."""
        return self._ceph_get_active_uri()

    def get(self, data_name: str) -> Any:
        """The document `mgr_ips`; None for all others."""
        return self._ceph_get(data_name)

    def get_module_option(self, key: str, default: OptionValue = None) -> OptionValue:
        """The value of an option, or its declared default, or `default`."""
        value = self._ceph_get_module_option(key)
        return self._defaults.get(key, default) if value is None else value

    def get_localized_module_option(self, key: str, default: OptionValue = None) -> OptionValue:
        """Like `get_module_option`, but prefers a value that is only for this manager."""
        value = self._ceph_get_module_option(key, self.get_mgr_id())
        return self._defaults.get(key, default) if value is None else value

    def get_ceph_option(self, key: str) -> OptionValue:
        """The value of a cluster option as text; None if it is unknown."""
        return self._ceph_get_option(key)

    def get_store(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """A value of the store."""
        value = self._ceph_get_store(key)
        return default if value is None else value

    def get_localized_store(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """Like `get_store`, but prefers a value that is only for this manager."""
        value = self._ceph_get_store(f"{self.get_mgr_id()}/{key}")
        return self.get_store(key, default) if value is None else value

    def _config_notify(self) -> None:
        constants = self._session.constants
        self._logging.apply(
            module_level=str(self.get_module_option("log_level", "")),
            daemon_level=constants.debug_mgr,
            cluster_level="",
            to_file=False,
            to_cluster=False,
            daemon_file=constants.log_file,
        )
