//! Whether the end of a run is a crash, and what is known of it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::description_cache::fingerprint;
use super::module::Module;
use super::run_end::RunEnd;
use super::shared::Shared;
use crate::module::crashed_run::CrashedRun;
use crate::module::process::ProcessEnd;

/// Notes what the module is doing. Call it before it is asked to end: it may finish its work then.
pub(super) fn note_work(module: &Module) {
    let under_way = module.session.lock().as_ref().map(|session| session.under_way());
    module.run.lock().evidence.under_way = under_way;
}

/// Reports the end of a process as a crash, if it is one. Call it before the supervisor learns of the
/// end. The report is made in a task of its own, because it reads the folder of the module.
pub(super) fn report(shared: &Arc<Shared>, module: &Arc<Module>, end: &RunEnd, ended: &ProcessEnd) {
    let Some(reason) = module.life().crash(end) else { return };
    let session = module.session.lock().clone();
    let manifest = module.manifest().ok();
    let at = Timestamp::now();
    let id = id(at);
    let record = {
        let mut record = module.run.lock();
        record.last_crash = Some(id.clone());
        record.clone()
    };
    let uptime = at.as_microsecond().saturating_sub(record.started_us);
    let left = || session.map(|session| session.under_way()).unwrap_or_default();
    let run = CrashedRun {
        id,
        module: module.name.clone(),
        at,
        reason,
        exit: ended.exit,
        core_dumped: ended.core_dumped,
        uptime: Duration::from_micros(u64::try_from(uptime).unwrap_or_default()),
        pid: record.pid,
        program: manifest.map(|manifest| manifest.exec.clone()).unwrap_or_default(),
        sdk: record.sdk,
        fingerprint: None,
        limits: record.confined.map(|confined| confined.limits()),
        usage: record.usage,
        under_way: record.evidence.under_way.unwrap_or_else(left),
        log: record.evidence.log.lines(),
        texts: record.evidence.texts,
    };
    let (shared, module) = (Arc::clone(shared), Arc::clone(module));
    tokio::spawn(async move {
        let fingerprint = fingerprint(&shared, &module).await.ok().flatten();
        shared.config.crashes.add(CrashedRun { fingerprint, ..run });
    });
}

/// A new id of a report: the time of the crash, and a random UUID.
fn id(at: Timestamp) -> String {
    let random = uuid(fastrand::u128(..));
    format!("{}_{random}", at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ"))
}

/// A UUID of version 4 with these random bits.
fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| digits[part].to_owned()).join("-")
}
