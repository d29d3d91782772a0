"""OSD maps with methods to compute with them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, cast

from mgrd.osdmap import BasePyCRUSH, BasePyOSDMap, BasePyOSDMapIncremental


class OSDMap(BasePyOSDMap):
    """A private copy of the OSD map."""

    def get_epoch(self) -> int:
        """Its epoch."""
        return self._get_epoch()

    def get_crush_version(self) -> int:
        """The version of its CRUSH map."""
        return self._get_crush_version()

    def dump(self) -> Dict[str, Any]:
        """As `get("osd_map")` has it."""
        return self._dump()

    def get_pools(self) -> Dict[int, Dict[str, Any]]:
        """Pools by id."""
        return {pool["pool"]: pool for pool in self._dump()["pools"]}

    def get_pools_by_name(self) -> Dict[str, Dict[str, Any]]:
        """Pools by name."""
        return {pool["pool_name"]: pool for pool in self._dump()["pools"]}

    def new_incremental(self) -> OSDMapIncremental:
        """An empty change, for the next epoch."""
        return cast(OSDMapIncremental, self._new_incremental())

    def apply_incremental(self, inc: OSDMapIncremental) -> OSDMap:
        """This map with a change applied."""
        return cast(OSDMap, self._apply_incremental(inc))

    def get_crush(self) -> CRUSHMap:
        """Its CRUSH map."""
        return cast(CRUSHMap, self._get_crush())

    def get_pools_by_take(self, take: int) -> List[int]:
        """Ids of the pools whose rule starts at this bucket."""
        return self._get_pools_by_take(take).get("pools", [])

    def calc_pg_upmaps(
        self, inc: OSDMapIncremental, max_deviation: int, max_iterations: int = 10, pools: Optional[List[str]] = None
    ) -> int:
        """Adds upmap entries to `inc` that spread data evenly. Returns how many."""
        return self._calc_pg_upmaps(inc, max_deviation, max_iterations, pools or [])

    def balance_primaries(self, pool_id: int, inc: OSDMapIncremental) -> int:
        """Adds primaries to `inc` that spread reads evenly. Returns how many."""
        return self._balance_primaries(pool_id, inc)

    def map_pool_pgs_up(self, poolid: int) -> Dict[str, List[int]]:
        """The up set of each placement group of a pool."""
        return self._map_pool_pgs_up(poolid)

    def pg_to_up_acting_osds(self, pool_id: int, ps: int) -> Dict[str, Any]:
        """Where one placement group is: up, acting and their primaries."""
        return self._pg_to_up_acting_osds(pool_id, ps)

    def pool_raw_used_rate(self, pool_id: int) -> float:
        """How many raw bytes each stored byte takes."""
        return self._pool_raw_used_rate(pool_id)

    @classmethod
    def build_simple(cls, epoch: int = 1, uuid: Optional[str] = None, num_osd: int = -1) -> OSDMap:
        """A small map for tests."""
        return cast(OSDMap, cls._build_simple(epoch, uuid, num_osd))

    def get_ec_profile(self, name: str) -> Optional[Dict[str, str]]:
        """An erasure code profile, or None."""
        profile: Optional[Dict[str, str]] = self._dump()["erasure_code_profiles"].get(name)
        return profile

    def get_require_osd_release(self) -> str:
        """The oldest release that OSDs may have."""
        return str(self._dump()["require_osd_release"])


class OSDMapIncremental(BasePyOSDMapIncremental):
    """A change of an OSD map."""

    def get_epoch(self) -> int:
        """The epoch that it leads to."""
        return self._get_epoch()

    def dump(self) -> Dict[str, Any]:
        """What it changes."""
        return self._dump()

    def set_osd_reweights(self, weightmap: Mapping[int, float]) -> None:
        """New weights by OSD, 0 to 1."""
        self._set_osd_reweights(weightmap)

    def set_crush_compat_weight_set_weights(self, weightmap: Mapping[int, float]) -> None:
        """New weights of the compat weight set by OSD."""
        self._set_crush_compat_weight_set_weights(weightmap)


class CRUSHMap(BasePyCRUSH):
    """The hierarchy of a cluster and its placement rules."""

    ITEM_NONE = 0x7FFFFFFF
    DEFAULT_CHOOSE_ARGS = "-1"

    def dump(self) -> Dict[str, Any]:
        """As `get("osd_map_crush")` has it."""
        return self._dump()

    def get_item_weight(self, item: int) -> Optional[float]:
        """The weight of a device or bucket, or None."""
        return self._get_item_weight(item)

    def get_item_name(self, item: int) -> Optional[str]:
        """The name of a device or bucket, or None."""
        return self._get_item_name(item)

    def find_takes(self) -> List[int]:
        """Ids of buckets at which rules start."""
        return self._find_takes().get("takes", [])

    def find_roots(self) -> List[int]:
        """Ids of buckets that are in no other."""
        return self._find_roots().get("roots", [])

    def get_take_weight_osd_map(self, root: int) -> Dict[int, float]:
        """The share of each OSD below a bucket."""
        weights = self._get_take_weight_osd_map(root).get("weights", {})
        return {int(osd): float(weight) for osd, weight in weights.items()}

    @staticmethod
    def have_default_choose_args(dump: Dict[str, Any]) -> bool:
        """Whether a dump has a compat weight set."""
        return CRUSHMap.DEFAULT_CHOOSE_ARGS in dump.get("choose_args", {})

    @staticmethod
    def get_default_choose_args(dump: Dict[str, Any]) -> List[Dict[str, Any]]:
        """The compat weight set of a dump."""
        return cast(List[Dict[str, Any]], dump.get("choose_args", {}).get(CRUSHMap.DEFAULT_CHOOSE_ARGS, []))

    def get_rule(self, rule_name: str) -> Optional[Dict[str, Any]]:
        """A rule by its name, or None."""
        return next((rule for rule in self.dump()["rules"] if rule["rule_name"] == rule_name), None)

    def get_rule_by_id(self, rule_id: int) -> Optional[Dict[str, Any]]:
        """A rule by its id, or None."""
        return next((rule for rule in self.dump()["rules"] if rule["rule_id"] == rule_id), None)

    def get_rule_root(self, rule_name: str) -> Optional[int]:
        """The bucket at which a rule starts, or None."""
        rule = self.get_rule(rule_name)
        steps = rule["steps"] if rule else []
        return next((step["item"] for step in steps if step["op"] == "take"), None)

    def get_osds_under(self, root_id: int) -> List[int]:
        """All OSDs below a bucket."""
        buckets = {bucket["id"]: bucket for bucket in self.dump()["buckets"]}
        found: List[int] = []
        waiting = [root_id]
        while waiting:
            for item in buckets.get(waiting.pop(), {"items": []})["items"]:
                (found if item["id"] >= 0 else waiting).append(item["id"])
        return found

    def device_class_counts(self) -> Dict[str, int]:
        """How many devices each class has."""
        counts: Dict[str, int] = {}
        for device in self.dump()["devices"]:
            counts[device.get("class", "")] = counts.get(device.get("class", ""), 0) + 1
        return counts
