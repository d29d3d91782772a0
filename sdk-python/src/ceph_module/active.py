"""What an active module can do with its session."""

from __future__ import annotations

import json
import logging
from typing import Any, Optional, Union, cast

from mgrd import InvalidValue, NotFound
from mgrd._health import checks_request
from mgrd._proto import module_host_pb2 as pb
from mgrd._proto import types_pb2
from mgrd._values import OptionValue
from mgrd.session import Session, frozen

from . import absent, commands, context, foreign_log, queries, remote
from .releases import RELEASES

_log = logging.getLogger("mgrd")

_PRIORITIES = {
    0: types_pb2.LOG_PRIORITY_DEBUG,
    1: types_pb2.LOG_PRIORITY_INFO,
    2: types_pb2.LOG_PRIORITY_SECURITY,
    3: types_pb2.LOG_PRIORITY_WARNING,
    4: types_pb2.LOG_PRIORITY_ERROR,
}


class BaseMgrModule:
    """The primitives of an active module. `session` replaces Ceph's pointer to the native module."""

    def __init__(self, _py_modules: object, session: Session) -> None:
        self._session = session
        self._osd_queries = queries.Queries(queries.OSD)
        self._mds_queries = queries.Queries(queries.MDS)

    # Facts, read from memory.

    def _ceph_get_mgr_id(self) -> str:
        return self._session.mgr_id

    def _ceph_get_hostname(self) -> str:
        return self._session.constants.hostname

    def _ceph_get_version(self) -> str:
        return self._session.constants.version

    def _ceph_get_release_name(self) -> str:
        return self._session.constants.release_name

    def _ceph_lookup_release_name(self, major: int) -> str:
        return RELEASES.get(major, "unknown")

    def _ceph_have_mon_connection(self) -> bool:
        return self._session.constants.have_mon_connection

    def _ceph_get_ceph_conf_path(self) -> str:
        return self._session.constants.ceph_conf

    def _ceph_get_context(self) -> object:
        return context.of(self._session.constants.ceph_conf)

    # Options and store.

    def _ceph_get_module_option(self, module: str, key: str, localized_prefix: str = "") -> OptionValue:
        session = self._session
        if module != session.module:
            response = session.call("GetModuleOption", pb.GetModuleOptionRequest(module=module, key=key))
            return cast(OptionValue, json.loads(response.value)) if response.HasField("value") else None
        values = session.options.values
        if localized_prefix:
            local = values.get(f"{localized_prefix}/{key}")
            if local is not None:
                return local
        return values.get(key)

    def _ceph_set_module_option(self, module: str, key: str, value: Optional[str]) -> None:
        session = self._session
        prefix = f"{session.mgr_id}/"
        localized = key.startswith(prefix)
        request = pb.SetModuleOptionRequest(
            module=module, key=key[len(prefix) :] if localized else key, value=value, localized=localized
        )
        response = session.call("SetModuleOption", request)
        if module == session.module:
            session.options.apply([response.entry])

    def _ceph_get_option(self, key: str) -> OptionValue:
        constants = self._session.constants
        if key in ("debug_mgr", "log_file"):
            return constants.debug_mgr if key == "debug_mgr" else constants.log_file
        return self._ceph_get_foreign_option("", key)

    def _ceph_get_foreign_option(self, entity: str, key: str) -> OptionValue:
        try:
            response = self._session.call("GetCephOption", pb.GetCephOptionRequest(key=key, entity=entity))
        except NotFound:
            raise KeyError(f"option not found: {key}") from None
        except InvalidValue:
            raise KeyError(f"invalid entity: {entity}") from None
        return cast(OptionValue, json.loads(response.value))

    def _ceph_get_store(self, key: str) -> Optional[str]:
        return self._session.store.values.get(key)

    def _ceph_get_store_prefix(self, prefix: str) -> dict[str, str]:
        return {
            key: value for key, value in sorted(self._session.store.values.copy().items()) if key.startswith(prefix)
        }

    def _ceph_set_store(self, key: str, value: Optional[str]) -> None:
        if not isinstance(key, str) or not (value is None or isinstance(value, str)):
            raise TypeError(f"the store keeps text: key {key!r} and value must be str (or None to remove it)")
        if "\0" in key or "\0" in (value or ""):
            raise ValueError("embedded null character")
        response = self._session.call("SetStore", pb.SetStoreRequest(key=key, value=value))
        self._session.store.wrote(key, value, response.revision)

    # Cluster state.

    def _ceph_get(self, name: str) -> Any:
        value = self._session.documents.fresh(name)
        return absent.stand_in(self._session.documents, name) if absent.is_absent(value) else value

    def _mgrd_get_shared(self, name: str) -> Any:
        value = self._session.documents.shared(name)
        return frozen(absent.stand_in(self._session.documents, name)) if absent.is_absent(value) else value

    def _ceph_erase(self, name: str) -> bool:
        return self._session.documents.forget_shared(name)

    def _ceph_get_server(self, hostname: Optional[str]) -> Any:
        return json.loads(self._session.call("ListServers", pb.ListServersRequest(hostname=hostname)).json)

    def _ceph_get_metadata(self, svc_type: str, svc_id: str) -> Optional[dict[str, str]]:
        response = self._session.call("GetMetadata", pb.GetMetadataRequest(daemon=_daemon(svc_type, svc_id)))
        if not response.found:
            return None
        facts = dict(sorted(response.metadata.items()))
        return {"hostname": facts.pop("hostname"), **facts}

    def _ceph_get_daemon_status(self, svc_type: str, svc_id: str) -> Optional[dict[str, str]]:
        response = self._session.call("GetDaemonStatus", pb.GetDaemonStatusRequest(daemon=_daemon(svc_type, svc_id)))
        return dict(response.status) if response.found else None

    def _ceph_get_daemon_health_metrics(self) -> Any:
        return json.loads(self._session.call("GetDaemonHealthMetrics", pb.GetDaemonHealthMetricsRequest()).json)

    def _ceph_get_perf_schema(self, svc_type: str, svc_id: str) -> Any:
        _daemon(svc_type, svc_id)
        return json.loads(self._session.call("GetPerfSchema", pb.GetPerfSchemaRequest(type=svc_type, id=svc_id)).json)

    def _ceph_get_counter(self, svc_type: str, svc_id: str, path: str) -> dict[str, list[list[Union[int, float]]]]:
        return {path: self._points(svc_type, svc_id, path, most=0)}

    def _ceph_get_latest_counter(self, svc_type: str, svc_id: str, path: str) -> dict[str, list[Union[int, float]]]:
        return {path: self._session.latest.point(svc_type, svc_id, path)}

    def _mgrd_get_labelled_point(
        self, svc_type: str, svc_id: str, path: str, labels: dict[str, str]
    ) -> list[Union[int, float]]:
        points = self._points(svc_type, svc_id, path, most=1, labels=labels)
        return points[-1] if points else []

    def _points(
        self, svc_type: str, svc_id: str, path: str, most: int, labels: Optional[dict[str, str]] = None
    ) -> list[list[Union[int, float]]]:
        request = pb.GetCounterRequest(daemon=_daemon(svc_type, svc_id), path=path, most=most, labels=labels)
        response = self._session.call("GetCounter", request)
        if response.has_count:
            return [[point.time, point.value, point.count] for point in response.points]
        return [[point.time, point.value] for point in response.points]

    def _mgrd_get_perf_counters(self, prio_limit: int, services: Any) -> dict[str, dict[str, dict[str, Any]]]:
        return self._session.counters.all(prio_limit, services)

    def _mgrd_get_labelled_counters(self, prio_limit: int, services: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
        return self._session.counters.labelled(prio_limit, services)

    def _ceph_get_osdmap(self) -> Any:
        from mgrd import osdmap

        documents = self._session.documents
        osd_map, crush = documents.fresh("osd_map"), documents.fresh("osd_map_crush")
        if osd_map is None or crush is None:
            raise RuntimeError("there is no OSD map: no feed has sent the documents 'osd_map' and 'osd_map_crush'")
        return osdmap.public_class("OSDMap", osdmap.BasePyOSDMap)(osd_map, crush)

    # What the module reports.

    def _ceph_set_health_checks(self, checks: Any) -> None:
        request = checks_request(checks)
        if request is not None:
            self._session.call("SetHealthChecks", request)

    def _ceph_set_uri(self, uri: str) -> None:
        self._session.call("SetUri", pb.SetUriRequest(uri=uri))

    def _ceph_cluster_log(self, channel: str, priority: int, message: str) -> None:
        entry = types_pb2.ClusterLogEntry(
            channel=channel, priority=_PRIORITIES.get(int(priority), types_pb2.LOG_PRIORITY_INFO), message=message
        )
        self._session.call("ClusterLog", pb.ClusterLogRequest(entry=entry))

    def _ceph_update_progress_event(self, evid: str, desc: str, progress: float, add_to_ceph_s: bool) -> None:
        request = pb.UpdateProgressRequest(id=evid, message=desc, progress=progress, add_to_status=add_to_ceph_s)
        self._session.call("UpdateProgress", request)

    def _ceph_complete_progress_event(self, evid: str) -> None:
        if not evid:
            raise ValueError("a progress event needs an id")
        self._session.call("CompleteProgress", pb.CompleteProgressRequest(id=evid))

    def _ceph_clear_all_progress_events(self) -> None:
        self._session.call("CompleteProgress", pb.CompleteProgressRequest())

    def _ceph_set_device_wear_level(self, devid: str, wear_level: float) -> None:
        commands.set_device_wear_level(self._session, devid, wear_level)

    def _ceph_log(self, record: str) -> None:
        foreign_log.send(self._session, record)

    # Requests to others.

    def _ceph_send_command(
        self,
        result: Any,
        svc_type: str,
        svc_id: str,
        command: str,
        tag: Optional[str],
        inbuf: Optional[str] = None,
        one_shot: bool = False,
    ) -> None:
        commands.send(self._session, result, svc_type, svc_id, command, tag, inbuf)

    def _ceph_dispatch_remote(self, module: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if module == self._session.module:
            return remote.call_self(self, method, args, kwargs)
        return remote.call(self._session, module, method, args, kwargs)

    def _ceph_is_authorized(self, arguments: dict[str, str]) -> bool:
        return bool(self._session.call("IsAuthorized", pb.IsAuthorizedRequest(arguments=arguments)).authorized)

    # Ceph's clients, and queries that only Ceph's daemons can answer.

    def _ceph_register_client(self, *_args: object) -> None:
        """Does nothing: this host does not blocklist the addresses of its modules' clients."""

    def _ceph_unregister_client(self, *_args: object) -> None:
        """See `_ceph_register_client`."""

    def _ceph_add_osd_perf_query(self, query: Any) -> Optional[int]:
        return self._osd_queries.add(query)

    def _ceph_remove_osd_perf_query(self, query_id: int) -> None:
        self._osd_queries.remove(query_id)

    def _ceph_get_osd_perf_counters(self, query_id: int) -> Optional[dict[str, Any]]:
        return {"counters": []} if query_id in self._osd_queries else None

    def _ceph_add_mds_perf_query(self, query: Any) -> Optional[int]:
        return self._mds_queries.add(query)

    def _ceph_remove_mds_perf_query(self, query_id: int) -> None:
        self._mds_queries.remove(query_id)

    def _ceph_reregister_mds_perf_queries(self) -> None:
        """Does nothing: no metadata server knows of the queries."""

    def _ceph_get_mds_perf_counters(self, query_id: int) -> Optional[dict[str, Any]]:
        return {"metrics": [[""], [], [0.0]]} if query_id in self._mds_queries else None


def _daemon(svc_type: str, svc_id: str) -> types_pb2.DaemonKey:
    if not isinstance(svc_type, str) or not isinstance(svc_id, str):
        raise TypeError(f"service type and id must be str, not {svc_type!r} and {svc_id!r}")
    return types_pb2.DaemonKey(type=svc_type, id=svc_id)
