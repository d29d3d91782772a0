//! What modules send and receive.

use mgrd_command::CommandSpec;
use mgrd_proto::v1;
use tracing::Level;

use super::basic::millis;
use crate::host::{Constants, CurrentOption};
use crate::module::{
    Declaration, DeclaredCommand, DeclaredOption, LogRecord, ModuleState, ModuleStatus, Payload,
};

pub(in crate::rpc) fn module_state(state: ModuleState) -> v1::ModuleState {
    match state {
        ModuleState::Disabled => v1::ModuleState::Disabled,
        ModuleState::Starting => v1::ModuleState::Starting,
        ModuleState::Running => v1::ModuleState::Running,
        ModuleState::Degraded => v1::ModuleState::Degraded,
        ModuleState::Stopping => v1::ModuleState::Stopping,
        ModuleState::Stopped => v1::ModuleState::Stopped,
        ModuleState::Backoff => v1::ModuleState::Backoff,
        ModuleState::Failed => v1::ModuleState::Failed,
        ModuleState::CannotRun => v1::ModuleState::CannotRun,
        ModuleState::Debugging => v1::ModuleState::Debugging,
        ModuleState::Absent => v1::ModuleState::Absent,
    }
}

pub(in crate::rpc) fn table_command(spec: &CommandSpec) -> v1::TableCommand {
    v1::TableCommand {
        spec: Some(v1::CommandSpec {
            cmd: spec.descriptor(),
            desc: spec.help.clone(),
            perm: spec.perm.to_string(),
            poll: spec.flags.poll,
            // Clients do not need it.
            declared_at: String::new(),
        }),
        module: spec.module.clone(),
        hidden: !spec.is_listed(),
    }
}

pub(in crate::rpc) fn module_info(status: ModuleStatus) -> v1::ModuleInfo {
    let usage = status.usage.unwrap_or_default();
    v1::ModuleInfo {
        reason: status.reason_text(),
        name: status.name,
        enabled: status.enabled,
        state: status.state.to_string(),
        module_state: module_state(status.state).into(),
        pid: status.pid,
        started_us: status.started_us,
        restarts: status.restarts,
        next_try_ms: status.next_try.map_or(0, |next| millis(next).into()),
        rss_bytes: usage.rss_bytes,
        cpu_ms: millis(usage.cpu).into(),
        queued: u32::try_from(status.queued).unwrap_or(u32::MAX),
        in_flight: u32::try_from(status.in_flight).unwrap_or(u32::MAX),
        last_words: status.last_words,
        runtime: status.runtime,
        sdk: status.sdk,
        path: status.path.to_string_lossy().into_owned(),
        can_run: status.cannot_run.is_none(),
    }
}

pub(in crate::rpc) fn constants(constants: Constants) -> v1::Constants {
    v1::Constants {
        mgr_id: constants.mgr_id,
        hostname: constants.hostname,
        version: constants.version,
        release_name: constants.release_name,
        mgr_ips: constants.mgr_ips,
        ceph_conf: constants.ceph_conf,
        debug_mgr: constants.debug_mgr,
        log_file: constants.log_file,
        have_mon_connection: constants.have_mon_connection,
        active_uri: constants.active_uri,
        allow_eval: constants.allow_eval,
    }
}

pub(in crate::rpc) fn option_entry(option: CurrentOption) -> v1::Entry {
    v1::Entry { key: option.key, value: option.value, revision: option.revision }
}

pub(in crate::rpc) fn declaration(message: v1::Declaration) -> Declaration {
    let standby = message.roles().any(|role| role == v1::Role::Standby);
    Declaration {
        options: message.options.into_iter().map(option).collect(),
        commands: message.commands.into_iter().map(command).collect(),
        notify_types: message.notify_types,
        can_run: message.can_run.unwrap_or(true),
        can_run_error: message.can_run_error,
        load_failed: message.load_failed,
        standby,
        methods: message.methods,
    }
}

fn command(spec: v1::CommandSpec) -> DeclaredCommand {
    let perm = if spec.perm.is_empty() { "rw".to_owned() } else { spec.perm };
    let v1::CommandSpec { cmd, desc, poll, declared_at, .. } = spec;
    DeclaredCommand { cmd, too_long: None, desc, perm, poll, declared_at }
}

fn option(schema: v1::OptionSchema) -> DeclaredOption {
    let level = match schema.level() {
        v1::OptionLevel::Basic => "basic",
        v1::OptionLevel::Dev => "dev",
        v1::OptionLevel::Unspecified | v1::OptionLevel::Advanced => "advanced",
    };
    DeclaredOption {
        name: schema.name,
        kind: schema.r#type,
        level: level.to_owned(),
        default_value: schema.default_value,
        min: schema.min,
        max: schema.max,
        enum_allowed: schema.enum_allowed,
        desc: schema.desc,
        long_desc: schema.long_desc,
        tags: schema.tags,
        see_also: schema.see_also,
        runtime: schema.runtime,
    }
}

pub(in crate::rpc) fn log_record(record: v1::LogRecord) -> LogRecord {
    let level = match record.level() {
        v1::LogLevel::Debug => Level::DEBUG,
        v1::LogLevel::Unspecified | v1::LogLevel::Info => Level::INFO,
        v1::LogLevel::Warning => Level::WARN,
        v1::LogLevel::Error | v1::LogLevel::Critical => Level::ERROR,
    };
    let v1::LogRecord { logger, message, call_id, .. } = record;
    LogRecord { level, logger, message, call_id }
}

pub(in crate::rpc) fn payload(message: Option<v1::Payload>) -> Payload {
    let message = message.unwrap_or_default();
    Payload { data: message.data, encoding: message.encoding }
}

pub(in crate::rpc) fn payload_message(payload: Payload) -> v1::Payload {
    v1::Payload { data: payload.data, encoding: payload.encoding }
}
