"""What a module can know about the cluster."""

from __future__ import annotations

import socket
from typing import Any, Dict, List, Optional, Union, cast

from .constants import MGR_POOL_NAME, ServerInfoT
from .sending import Sending
from .settings import Settings


class Cluster(Settings, Sending):
    """The accessors for cluster state, as a part of MgrModule. Call them from any thread, `__init__` included."""

    def get(self, data_name: str, mutable: bool = True) -> Any:
        """A document, such as "osd_map" or "health": a copy of your own. None if there is no such document.

        With `mutable=False` you get the shared, unchangeable form, which costs next to nothing however large it is."""
        return self._ceph_get(data_name) if mutable else self._mgrd_get_shared(data_name)

    def erase(self, data_name: str) -> bool:
        """Drops the shared form of a document, which the next reader makes anew. Whether there was one."""
        return self._ceph_erase(data_name)

    def get_server(self, hostname: str) -> ServerInfoT:
        """The daemons of one host; with an empty list if there is no such host."""
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
        """What a daemon last reported about itself; None if there is no such daemon."""
        return self._ceph_get_daemon_status(svc_type, svc_id)

    def get_daemon_health_metrics(self) -> Dict[str, List[Dict[str, Any]]]:
        """{"osd.0": [{"type", "value"}]}"""
        metrics: Dict[str, List[Dict[str, Any]]] = self._ceph_get_daemon_health_metrics()
        return metrics

    def get_osdmap(self) -> Any:
        """The OSD map as an `OSDMap` to compute with. RuntimeError: no feed has sent one."""
        return self._ceph_get_osdmap()

    def have_mon_connection(self) -> bool:
        """Whether the cluster state is live: its feed is connected and has spoken lately."""
        return self._ceph_have_mon_connection()

    @property
    def version(self) -> str:
        """The cluster's version text."""
        return self._ceph_get_version()

    @property
    def release_name(self) -> str:
        """The cluster's release, such as "pacific"."""
        return self._ceph_get_release_name()

    def lookup_release_name(self, major: int) -> str:
        """The release of a major version."""
        return self._ceph_lookup_release_name(major)

    def get_hostname(self) -> str:
        """The name of this machine."""
        return self._ceph_get_hostname()

    def get_mgr_ip(self) -> str:
        """The address of this manager, or the machine's name."""
        ips = self._session.constants.mgr_ips
        return ips[0] if ips else socket.gethostname()

    def get_ceph_conf_path(self) -> str:
        """A configuration file to reach the cluster with; empty if there is none."""
        return self._ceph_get_ceph_conf_path()

    def get_context(self) -> object:
        """The context that librados makes a client from, as `rados.Rados(context=…)` takes it; see `rados` for a client."""
        return self._ceph_get_context()

    def pool_exists(self, name: str) -> bool:
        """Whether there is such a pool."""
        return any(pool["pool_name"] == name for pool in self._osd_map().get("pools", []))

    def have_enough_osds(self) -> bool:
        """Whether as many OSDs are up and in as `osd_pool_default_size` wants."""
        ready = sum(1 for osd in self._osd_map().get("osds", []) if osd["up"] and osd["in"])
        return ready >= int(cast(int, self._ceph_get_option("osd_pool_default_size")))

    def create_pool(self, pool: str) -> None:
        """Creates a small pool that may grow. MonCommandFailed: it cannot be."""
        self._on_pool("osd pool create", pool=pool, pg_num=1, pg_num_min=1, pg_num_max=32)

    def rename_pool(self, srcpool: str, destpool: str) -> None:
        """Gives a pool another name. MonCommandFailed: it cannot be."""
        self._on_pool("osd pool rename", srcpool=srcpool, destpool=destpool)

    def appify_pool(self, pool: str, app: str) -> None:
        """Says which application uses a pool. MonCommandFailed: it cannot be."""
        self._on_pool("osd pool application enable", pool=pool, app=app)

    def create_mgr_pool(self) -> None:
        """Creates the manager's own pool, or gives the one of older releases its name."""
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
