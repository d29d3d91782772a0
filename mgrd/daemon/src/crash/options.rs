//! The options about reports. They have the names and defaults of those of Ceph's module `crash`.

use std::time::Duration;

use crate::options::{OptionSchema, OptionType, Options};

const WARN_RECENT_INTERVAL: (&str, u64) = ("warn_recent_interval", 14 * 86400);
const RETAIN_INTERVAL: (&str, u64) = ("retain_interval", 365 * 86400);

/// The module whose options they are, in Ceph.
pub(super) const MODULE: &str = "crash";

/// The options.
pub(super) fn declared() -> Vec<OptionSchema> {
    let option = |(name, seconds): (&str, u64), desc| {
        OptionSchema::new(name, OptionType::Secs, &seconds.to_string(), desc)
    };
    vec![
        option(WARN_RECENT_INTERVAL, "how long health warns about a crash"),
        option(RETAIN_INTERVAL, "how long reports of crashes are kept"),
    ]
}

/// How long health warns about a crash.
pub(super) fn warn_recent_interval(options: &Options) -> Duration {
    read(options, WARN_RECENT_INTERVAL)
}

/// How long reports are kept.
pub(super) fn retain_interval(options: &Options) -> Duration {
    read(options, RETAIN_INTERVAL)
}

fn read(options: &Options, (name, default): (&str, u64)) -> Duration {
    let entity = format!("mgr.{}", options.mgr_id());
    let value = options.get(&entity, &format!("mgr/{MODULE}/{name}")).ok();
    Duration::from_secs(value.and_then(|value| value.parse().ok()).unwrap_or(default))
}
