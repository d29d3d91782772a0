//! The latency of others, and the memory of `mgrd`, while a module, a client or a file misbehaves.

mod attack;
mod figures;
mod rows;

use std::time::Duration;

use figures::{Figures, MEASURED, Memory};
use integration_tests::Setup;
use rows::{ROWS, Row};

use super::client::Client;

/// How long is measured before.
const BEFORE: Duration = Duration::from_secs(1);
/// How long is measured during.
const DURING: Duration = Duration::from_secs(2);
/// How long the memory may take to come back to its level.
const AFTER: Duration = Duration::from_secs(15);

/// The goals: the ratios of the median and of the time of 99 of 100, the longest time, and the memory
/// that is more afterwards.
const P50: f64 = 1.5;
const P99: f64 = 3.0;
const LONGEST: Duration = Duration::from_millis(50);
const MORE_MIB: u64 = 16;

/// Prints one line for each row whose name contains `only` or a part of it between `|`, and how many reach the goals.
pub(crate) async fn isolation(only: &str) {
    let rows: Vec<&Row> =
        ROWS.iter().filter(|row| only.split('|').any(|part| row.name.contains(part))).collect();
    println!("{}", head());
    let (mut good, mut measured) = (0, 0);
    for (n, row) in rows.iter().enumerate() {
        eprintln!("{}/{}: {}", n + 1, rows.len(), row.name);
        let Some((line, reached)) = measure(row).await else {
            println!("{:42}  cannot be tried here", row.name);
            continue;
        };
        println!("{line}");
        measured += 1;
        good += usize::from(reached);
    }
    println!(
        "{good} of {measured} rows reach the goals: p50 ≤ {P50} ×, p99 ≤ {P99} ×, at most {} ms, memory \
         within {MORE_MIB} MiB of its level afterwards, no failed run",
        LONGEST.as_millis()
    );
}

fn head() -> String {
    let column = |(name, _): (&str, _)| format!("{:26}", format!("{name}: p50 p99 longest"));
    let columns = MEASURED.map(column).join("  ");
    format!("{:42}  {columns}  memory in MiB before, peak, after", "misbehaviour")
}

/// One line of the table, and whether it reaches the goals.
async fn measure(row: &Row) -> Option<(String, bool)> {
    let setup = Setup::new().example("hello");
    let (setup, _around) = row.prepare(setup)?;
    let daemon = setup.start();
    daemon.await_running("hello");
    let mut client = Client::connect(&daemon).await;
    Figures::measure(&daemon, &mut client, BEFORE / 4).await;
    let before = Figures::measure(&daemon, &mut client, BEFORE).await;
    let mut memory = Memory::begin(daemon.pid());
    let mut attack = row.start(&daemon);
    let during = Figures::measure(&daemon, &mut client, DURING).await;
    let has_ended = attack.has_ended();
    drop(attack);
    memory.end(daemon.pid(), MORE_MIB, AFTER).await;
    let cells: Vec<_> = (0..MEASURED.len()).map(|at| cell(&before, &during, at)).collect();
    let returns = memory.after <= memory.before + MORE_MIB;
    let reached = returns && !has_ended && cells.iter().all(|(_, reached)| *reached);
    let texts: Vec<_> = cells.iter().map(|(text, _)| format!("{text:26}")).collect();
    let Memory { before, peak, after } = memory;
    let missed = match (reached, has_ended) {
        (true, _) => "",
        (false, false) => "  MISSED",
        (false, true) => "  MISSED: a client that misbehaves ended too early",
    };
    let memory = format!("{before:4} {peak:4} {after:4}{}", if returns { "" } else { " !" });
    Some((format!("{:42}  {}  {memory}{missed}", row.name, texts.join("  ")), reached))
}

/// The ratios of one command line and its longest time, with a mark at what misses its goal.
fn cell(before: &Figures, during: &Figures, at: usize) -> (String, bool) {
    let ratio = |part| {
        let idle = before.quantile(at, part).as_secs_f64();
        during.quantile(at, part).as_secs_f64() / idle
    };
    let (p50, p99, longest) = (ratio(0.5), ratio(0.99), during.quantile(at, 1.0));
    let mark = |missed| if missed { "!" } else { "" };
    let failed = match during.failed[at] {
        0 => String::new(),
        failed => format!(" {failed} failed!"),
    };
    let missed = [p50 > P50, p99 > P99, longest > LONGEST];
    let text = format!(
        "{p50:.2}{} {p99:.2}{} {:.1} ms{}{failed}",
        mark(missed[0]),
        mark(missed[1]),
        longest.as_secs_f64() * 1e3,
        mark(missed[2]),
    );
    (text, !missed.contains(&true) && failed.is_empty())
}
