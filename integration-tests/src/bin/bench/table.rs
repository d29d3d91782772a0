//! The printed table.

use std::time::Duration;

/// One row.
struct Row {
    figure: String,
    budget: String,
    measured: String,
    verdict: &'static str,
}

/// The rows so far.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// A figure that should be at most its budget, in microseconds.
    pub(crate) fn time(&mut self, figure: &str, budget_us: f64, measured_us: f64) {
        let text = |us: f64| {
            if us >= 1000.0 { format!("{:.2} ms", us / 1000.0) } else { format!("{us:.2} µs") }
        };
        self.at_most(figure, budget_us, measured_us, text);
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
        self.rows.push(Row { figure: figure.to_owned(), budget, measured, verdict });
    }

    /// Prints it.
    pub(crate) fn print(&self) {
        let width = |pick: fn(&Row) -> &String| {
            self.rows.iter().map(|row| pick(row).chars().count()).max().unwrap_or(0)
        };
        let (figure, budget, measured) =
            (width(|r| &r.figure), width(|r| &r.budget), width(|r| &r.measured));
        println!("\n{:figure$}  {:budget$}  {:measured$}", "figure", "budget", "measured");
        for row in &self.rows {
            println!(
                "{:figure$}  {:budget$}  {:measured$}  {}",
                row.figure, row.budget, row.measured, row.verdict
            );
        }
    }
}

/// The value below which half of the times are, in microseconds.
pub(crate) fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
