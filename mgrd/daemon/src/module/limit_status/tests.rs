use std::time::Duration;

use mgrd_snapshots::assert_text;

use super::*;

#[test]
fn texts() {
    let usage = Some(Usage { rss_bytes: 300 << 20, cpu: Duration::ZERO, tasks: 12 });
    let why = || "Operation not permitted".to_owned();
    let cases = [
        (Limit::Memory, Some(512 << 20), Origin::Operator, Effect::Now),
        (Limit::Memory, Some(64 << 20), Origin::Operator, Effect::Now),
        (Limit::Memory, Some(64 << 20), Origin::Operator, Effect::AtStart),
        (Limit::Memory, Some(2 << 30), Origin::Default, Effect::Now),
        (Limit::Memory, None, Origin::Author, Effect::Now),
        (Limit::Processes, Some(4), Origin::Configuration, Effect::Now),
        (Limit::OpenFiles, Some(4096), Origin::Operator, Effect::AtNextStart { why: why() }),
        (Limit::OpenFiles, Some(4096), Origin::Operator, Effect::AfterDebugging),
        (Limit::Cpu, Some(50), Origin::Operator, Effect::NeedsControlGroups { why: why() }),
    ];
    let line = |(limit, value, origin, effect)| {
        let keeper = Keeper::Sampling;
        LimitStatus { limit, value, origin, effect, keeper }.of_module("hello", usage)
    };
    assert_text!("limit_status", cases.map(line).join("\n"));
}
