//! `pg stat`: placement groups in one line.

use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::state::{Missing, State, list, number, text};
use super::units::bytes;
use super::{Builtin, Request, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[Builtin {
    cmd: "pg stat",
    help: "show how many placement groups are in each state",
    perm: "r",
    run: |state, request| now(stat(state, request)),
}];

/// The keys of the summary for programs, and those of the document.
const SUMMARY: [(&str, &str); 6] = [
    ("num_pgs", "num_pgs"),
    ("num_bytes", "data_bytes"),
    ("total_bytes", "bytes_total"),
    ("total_avail_bytes", "bytes_avail"),
    ("total_used_bytes", "bytes_used"),
    ("total_used_raw_bytes", "bytes_used"),
];

fn stat(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let pgs = state.document("pg_status")?;
    let by_state = list(&pgs["pgs_by_state"]).iter();
    let by_state: Vec<Value> =
        by_state.map(|s| json!({"name": s["state_name"], "num": s["count"]})).collect();
    let ready = state.cluster.value("pg_ready")["pg_ready"].as_bool().unwrap_or(true);
    let mut json = json!({"pg_ready": ready, "pg_summary": { "num_pg_by_state": by_state }});
    let summary = &mut json["pg_summary"];
    for (key, source) in SUMMARY {
        summary[key] = pgs[source].clone();
    }
    Ok(request.format.render(&json, || line(&pgs)))
}

fn line(pgs: &Value) -> String {
    let state = |s: &Value| format!("{} {}", number(&s["count"]), text(&s["state_name"]));
    let states: Vec<_> = list(&pgs["pgs_by_state"]).iter().map(state).collect();
    let [data, used, avail, total] = ["data_bytes", "bytes_used", "bytes_avail", "bytes_total"]
        .map(|key| bytes(number(&pgs[key])));
    let trouble: String = trouble(pgs).iter().map(|line| format!("; {line}")).collect();
    format!(
        "{} pgs: {}; {data} data, {used} used, {avail} / {total} avail{trouble}\n",
        number(&pgs["num_pgs"]),
        states.join(", "),
    )
}

/// Degraded, misplaced and unfound objects, with one line for each kind.
pub(super) fn trouble(pgs: &Value) -> Vec<String> {
    let kinds = [("degraded", "degraded"), ("misplaced", "misplaced"), ("unfound", "unfound")];
    let line = |(key, word): (&str, &str)| {
        let (objects, total) =
            (number(&pgs[format!("{key}_objects")]), number(&pgs[format!("{key}_total")]));
        let ratio = objects as f64 / total as f64 * 100.0;
        (objects > 0 && total > 0)
            .then(|| format!("{objects}/{total} objects {word} ({ratio:.3}%)"))
    };
    kinds.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests;
