//! The printed table.

use std::collections::HashMap;
use std::time::Duration;

/// The figures of a real ceph-mgr in microseconds, by the name of the row, or why there is none.
pub(crate) type CephFigures = HashMap<String, Result<f64, &'static str>>;

/// One row.
struct Row {
    figure: String,
    budget: String,
    measured: String,
    ceph: String,
    verdict: &'static str,
}

/// The rows so far.
pub(crate) struct Table {
    rows: Vec<Row>,
    ceph: CephFigures,
}

impl Table {
    /// An empty table, with the figures of a real ceph-mgr.
    pub(crate) fn new(ceph: CephFigures) -> Self {
        Self { rows: Vec::new(), ceph }
    }

    /// A figure that should be at most its budget, in microseconds.
    pub(crate) fn time(&mut self, figure: &str, budget_us: f64, measured_us: f64) {
        self.at_most(figure, budget_us, measured_us, time);
        if let (Some(&ceph), Some(row)) = (self.ceph.get(figure), self.rows.last_mut()) {
            row.ceph = match ceph {
                Ok(us) => format!("{}  (× {:.2})", time(us), measured_us / us),
                Err(why) => format!("none: {why}"),
            };
            eprintln!("    ceph-mgr: {}", row.ceph);
        }
    }

    /// A figure that should be at most its budget.
    pub(crate) fn at_most(
        &mut self,
        figure: &str,
        budget: f64,
        measured: f64,
        text: impl Fn(f64) -> String,
    ) {
        let verdict = if measured <= budget { "ok" } else { "MISSED" };
        self.row(figure, format!("≤ {}", text(budget)), text(measured), measured / budget, verdict);
    }

    /// A figure that should be at least its budget.
    pub(crate) fn at_least(
        &mut self,
        figure: &str,
        budget: f64,
        measured: f64,
        text: impl Fn(f64) -> String,
    ) {
        let verdict = if measured >= budget { "ok" } else { "MISSED" };
        self.row(figure, format!("≥ {}", text(budget)), text(measured), measured / budget, verdict);
    }

    fn row(
        &mut self,
        figure: &str,
        budget: String,
        measured: String,
        ratio: f64,
        verdict: &'static str,
    ) {
        eprintln!("{figure}: {measured}");
        let measured = format!("{measured}  (× {ratio:.2})");
        let (figure, ceph) = (figure.to_owned(), String::new());
        self.rows.push(Row { figure, budget, measured, ceph, verdict });
    }

    /// Prints the table, unless it has no rows.
    pub(crate) fn print(&self) {
        if self.rows.is_empty() {
            return;
        }
        let mut lines = vec![["figure", "budget", "measured", "", "ceph-mgr"].map(str::to_owned)];
        lines.extend(self.rows.iter().map(|row| {
            let Row { figure, budget, measured, ceph, verdict } = row;
            [figure, budget, measured, &verdict.to_string(), ceph].map(Clone::clone)
        }));
        let widest = |at: usize| lines.iter().map(|line| line[at].chars().count()).max();
        let widths = [0, 1, 2, 3, 4].map(|at| widest(at).unwrap_or(0));
        println!();
        for line in &lines {
            let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }
}

fn time(us: f64) -> String {
    if us >= 1000.0 { format!("{:.2} ms", us / 1000.0) } else { format!("{us:.2} µs") }
}

/// The value below which half of the times are, in microseconds.
pub(crate) fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
