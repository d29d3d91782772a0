//! Commands that show the other maps: mons, file systems, hosts, services, devices.

use std::collections::BTreeMap;

use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::rendered::beside;
use super::state::{Missing, State, list, number, text};
use super::{Builtin, Request, TextTable, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "fsid",
        help: "show the id of the cluster",
        perm: "r",
        run: |state, request| now(fsid(state, request)),
    },
    Builtin {
        cmd: "mon stat",
        help: "show the mons and which of them are in quorum",
        perm: "r",
        run: |state, request| now(mon_stat(state, request)),
    },
    Builtin {
        cmd: "mon dump",
        help: "dump the mon map",
        perm: "r",
        run: |state, request| {
            beside(state, request, |state, request| dump(state, request, "mon_map"))
        },
    },
    Builtin {
        cmd: "fs ls",
        help: "list the file systems",
        perm: "r",
        run: |state, request| now(fs_ls(state, request)),
    },
    Builtin {
        cmd: "fs dump",
        help: "dump the file-system map",
        perm: "r",
        run: |state, request| {
            beside(state, request, |state, request| dump(state, request, "fs_map"))
        },
    },
    Builtin {
        cmd: "mds stat",
        help: "show which MDS holds which rank",
        perm: "r",
        run: |state, request| now(mds_stat(state, request)),
    },
    Builtin {
        cmd: "node ls name=type,type=CephString,req=false",
        help: "list hosts with their daemons, of one type or of all",
        perm: "r",
        run: |state, request| beside(state, request, node_ls),
    },
    Builtin {
        cmd: "service dump",
        help: "dump the service map",
        perm: "r",
        run: |state, request| {
            beside(state, request, |state, request| dump(state, request, "service_map"))
        },
    },
    Builtin {
        cmd: "device ls",
        help: "list the storage devices",
        perm: "r",
        run: |state, request| beside(state, request, device_ls),
    },
];

fn dump(state: &State, request: &Request, name: &'static str) -> Result<Outcome, Missing> {
    Ok(request.format.structured(&state.document(name)?))
}

fn fsid(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let fsid = state.fsid().ok_or(Missing("osd_map"))?;
    Ok(request.format.render(&json!({ "fsid": fsid }), || format!("{fsid}\n")))
}

fn mon_stat(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let (map, status) = (state.document("mon_map")?, state.mon_status());
    let name = |rank: &Value| {
        let mon = list(&map["mons"]).iter().find(|mon| mon["rank"] == *rank);
        mon.map_or("?", |mon| text(&mon["name"])).to_owned()
    };
    let quorum = list(&status["quorum"]);
    let leader = quorum.first().map(&name).unwrap_or_default();
    let members: Vec<_> =
        quorum.iter().map(|rank| json!({"rank": rank, "name": name(rank)})).collect();
    let json = json!({
        "epoch": map["epoch"],
        "min_mon_release_name": map["min_mon_release_name"],
        "num_mons": list(&map["mons"]).len(),
        "leader": leader,
        "quorum": members,
    });
    Ok(request.format.render(&json, || {
        let address =
            |mon: &Value| format!("{}={}", text(&mon["name"]), addresses(&mon["public_addrs"]));
        let mons: Vec<_> = list(&map["mons"]).iter().map(address).collect();
        let ranks: Vec<_> = quorum.iter().map(Value::to_string).collect();
        let names: Vec<_> = quorum.iter().map(&name).collect();
        let known = format!(
            "e{}: {} mons at {{{}}}, election epoch {}",
            map["epoch"],
            mons.len(),
            mons.join(","),
            number(&status["election_epoch"]),
        );
        match ranks.first() {
            None => format!("{known}, no quorum\n"),
            Some(first) => {
                let (ranks, names) = (ranks.join(","), names.join(","));
                format!("{known}, leader {first} {leader}, quorum {ranks} {names}\n")
            }
        }
    }))
}

/// Such as `[v2:127.0.0.1:40300/0,v1:127.0.0.1:40301/0]`.
fn addresses(addresses: &Value) -> String {
    let one = |a: &Value| format!("{}:{}/{}", text(&a["type"]), text(&a["addr"]), a["nonce"]);
    let all: Vec<_> = list(&addresses["addrvec"]).iter().map(one).collect();
    format!("[{}]", all.join(","))
}

fn fs_ls(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let (map, osd_map) = (state.document("fs_map")?, state.cluster.value("osd_map"));
    let pool = |id: &Value| {
        let pool = list(&osd_map["pools"]).iter().find(|pool| pool["pool"] == *id);
        pool.map_or_else(|| id.to_string(), |pool| text(&pool["pool_name"]).to_owned())
    };
    let file_system = |fs: &Value| {
        let mds_map = &fs["mdsmap"];
        let data: Vec<_> = list(&mds_map["data_pools"]).iter().map(&pool).collect();
        json!({
            "name": mds_map["fs_name"],
            "metadata_pool": pool(&mds_map["metadata_pool"]),
            "metadata_pool_id": mds_map["metadata_pool"],
            "data_pool_ids": mds_map["data_pools"],
            "data_pools": data,
        })
    };
    let all: Vec<_> = list(&map["filesystems"]).iter().map(file_system).collect();
    Ok(request.format.render(&all, || {
        if all.is_empty() {
            return "No filesystems enabled\n".to_owned();
        }
        let line = |fs: &Value| {
            let data: Vec<_> = list(&fs["data_pools"]).iter().map(text).collect();
            let (name, metadata) = (text(&fs["name"]), text(&fs["metadata_pool"]));
            format!("name: {name}, metadata pool: {metadata}, data pools: [{}]\n", data.join(" "))
        };
        all.iter().map(line).collect()
    }))
}

fn mds_stat(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.document("fs_map")?;
    let file_system = |fs: &Value| {
        let mds_map = &fs["mdsmap"];
        let infos = mds_map["info"].as_object().into_iter().flatten();
        let rank = |(_, mds): (&String, &Value)| {
            format!("{}={}={}", mds["rank"], text(&mds["name"]), text(&mds["state"]))
        };
        let ranks: Vec<_> = infos.map(rank).collect();
        let up = mds_map["up"].as_object().map_or(0, serde_json::Map::len);
        format!("{}:{up} {{{}}}", text(&mds_map["fs_name"]), ranks.join(","))
    };
    let standbys = list(&map["standbys"]).len();
    let mut parts: Vec<_> = list(&map["filesystems"]).iter().map(file_system).collect();
    if standbys > 0 {
        parts.push(format!("{standbys} up:standby"));
    }
    Ok(request.format.render(&json!({ "fsmap": map }), || parts.join(" ") + "\n"))
}

fn node_ls(state: &State, request: &Request) -> Outcome {
    let mut nodes = BTreeMap::<String, BTreeMap<String, Vec<Value>>>::new();
    for server in state.cluster.daemons.list_servers() {
        for service in server.services {
            // Programs get the ids of OSDs as numbers.
            let number = service.id.parse::<u64>().ok().filter(|_| service.kind == "osd");
            let id = number.map_or_else(|| Value::from(service.id), Value::from);
            let hosts = nodes.entry(service.kind).or_default();
            hosts.entry(server.hostname.clone()).or_default().push(id);
        }
    }
    match request.text("type").filter(|&kind| kind != "all") {
        None => request.format.structured(&nodes),
        Some(kind) => request.format.structured(nodes.entry(kind.to_owned()).or_default()),
    }
}

fn device_ls(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let devices = state.document("devices")?["devices"].take();
    Ok(request.format.render(&devices, || {
        let mut table =
            TextTable::new(["DEVICE", "HOST:DEV", "DAEMONS", "WEAR", "LIFE EXPECTANCY"]);
        for device in list(&devices) {
            let place = |at: &Value| format!("{}:{}", text(&at["host"]), text(&at["dev"]));
            let places: Vec<_> = list(&device["location"]).iter().map(place).collect();
            let daemons: Vec<_> = list(&device["daemons"]).iter().map(text).collect();
            let wear = device["wear_level"].as_f64();
            table.row([
                text(&device["devid"]).to_owned(),
                places.join(" "),
                daemons.join(" "),
                wear.map(|level| format!("{:.0}%", level * 100.0)).unwrap_or_default(),
                text(&device["life_expectancy_max"]).to_owned(),
            ]);
        }
        table.render()
    }))
}

#[cfg(test)]
mod tests;
