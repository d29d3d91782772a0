"""What a module can read about the cluster."""

from __future__ import annotations

import socket
from typing import Any, Dict, List, Optional, Union, cast

from .constants import MGR_POOL_NAME, ServerInfoT
from .sending import Sending
from .settings import Settings


class Cluster(Settings, Sending):
    """Reads the state of the cluster. You can call these methods from any thread, and from `__init__`."""

    def get(self, data_name: str, mutable: bool = True) -> Any:
        """A copy of a document, such as "osd_map" or "health"; None if there is no such document.

        With `mutable=False` it is a shared value that cannot be changed. That costs next to nothing, even for a large
        document."""
        return self._ceph_get(data_name) if mutable else self._mgrd_get_shared(data_name)

    def erase(self, data_name: str) -> bool:
        """Drops the shared value of a document, so that the next reader makes a new one. Returns whether there was one."""
        return self._ceph_erase(data_name)

    def get_server(self, hostname: str) -> ServerInfoT:
        """The daemons of one host. The list of daemons is empty if there is no such host."""
        return cast(ServerInfoT, self._ceph_get_server(hostname))

    def list_servers(self) -> List[ServerInfoT]:
        """All hosts and their daemons."""
        return cast(List[ServerInfoT], self._ceph_get_server(None))

    def get_metadata(
        self, svc_type: str, svc_id: str, default: Optional[Dict[str, str]] = None
    ) -> Optional[Dict[str, str]]:
        """A daemon's metadata, or `default`."""
        return self._ceph_get_metadata(svc_type, svc_id) or default

    def get_daemon_status(self, svc_type: str, svc_id: str) -> Optional[Dict[str, str]]:
        """The latest status that a daemon reported; None if there is no such daemon."""
        return self._ceph_get_daemon_status(svc_type, svc_id)

    def get_daemon_health_metrics(self) -> Dict[str, List[Dict[str, Any]]]:
        """The health metrics of daemons: {"osd.0": [{"type", "value"}]}."""
        metrics: Dict[str, List[Dict[str, Any]]] = self._ceph_get_daemon_health_metrics()
        return metrics

    def get_osdmap(self) -> Any:
        """The OSD map as an `OSDMap`. Raises RuntimeError if no feed has sent one."""
        return self._ceph_get_osdmap()

    def have_mon_connection(self) -> bool:
        """Whether the state of the cluster is live: its feed is connected and has sent something lately."""
        return self._ceph_have_mon_connection()

    @property
    def version(self) -> str:
        """The version of the cluster, as text."""
        return self._ceph_get_version()

    @property
    def release_name(self) -> str:
        """The cluster's release, such as "pacific"."""
        return self._ceph_get_release_name()

    def lookup_release_name(self, major: int) -> str:
        """The name of the release with this major version."""
        return self._ceph_lookup_release_name(major)

    def get_hostname(self) -> str:
        """The name of this machine."""
        return self._ceph_get_hostname()

    def get_mgr_ip(self) -> str:
        """The address of this manager, or the name of its machine."""
        ips = self._session.constants.mgr_ips
        return ips[0] if ips else socket.gethostname()

    def get_ceph_conf_path(self) -> str:
        """The path of a configuration file for clients of the cluster; empty if there is none."""
        return self._ceph_get_ceph_conf_path()

    def get_context(self) -> object:
        """The context for `rados.Rados(context=…)`. The property `rados` is a connected client."""
        return self._ceph_get_context()

    def pool_exists(self, name: str) -> bool:
        """Whether there is such a pool."""
        return any(pool["pool_name"] == name for pool in self._osd_map().get("pools", []))

    def have_enough_osds(self) -> bool:
        """Whether as many OSDs are up and in as `osd_pool_default_size` wants."""
        ready = sum(1 for osd in self._osd_map().get("osds", []) if osd["up"] and osd["in"])
        return ready >= int(cast(int, self._ceph_get_option("osd_pool_default_size")))

    def create_pool(self, pool: str) -> None:
        """Creates a small pool that may grow. Raises MonCommandFailed."""
        self._on_pool("osd pool create", pool=pool, pg_num=1, pg_num_min=1, pg_num_max=32)

    def rename_pool(self, srcpool: str, destpool: str) -> None:
        """Renames a pool. Raises MonCommandFailed."""
        self._on_pool("osd pool rename", srcpool=srcpool, destpool=destpool)

    def appify_pool(self, pool: str, app: str) -> None:
        """Sets which application uses a pool. Raises MonCommandFailed."""
        self._on_pool("osd pool application enable", pool=pool, app=app)

    def create_mgr_pool(self) -> None:
        """Creates the manager's own pool, or renames the pool that older releases used."""
        old = str(self.get_module_option_ex("devicehealth", "pool_name", "device_health_metrics"))
        if self.pool_exists(old):
            self.rename_pool(old, MGR_POOL_NAME)
        else:
            self.create_pool(MGR_POOL_NAME)
        self.appify_pool(MGR_POOL_NAME, "mgr")

    def _on_pool(self, prefix: str, **args: Union[str, int]) -> None:
        self.check_mon_command({"prefix": prefix, "format": "json", **args, "yes_i_really_mean_it": True})

    def _osd_map(self) -> Dict[str, Any]:
        return self._mgrd_get_shared("osd_map") or {}
