//! Messages of the contracts and the domain's types, each made from the other.

mod basic;
mod cluster;
mod module;
mod session;

pub(super) use self::basic::{
    agree, change, json_bytes, json_or_text, millis, now_seconds, outcome, outcome_message, stored,
};
pub(super) use self::cluster::{
    check, counter_schema, daemon_change, daemon_id, daemon_key, event, log_entry, log_message,
    log_priority, min_priority,
};
pub(super) use self::module::{
    constants, declaration, module_info, option_entry, payload, payload_message, table_command,
};
pub(super) use self::session::{from_module, to_module};

#[cfg(test)]
mod tests;
