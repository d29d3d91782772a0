//! The text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

/// Metrics, one family a name.
#[derive(Debug, Default)]
pub(crate) struct Metrics(BTreeMap<String, Family>);

#[derive(Debug)]
struct Family {
    help: String,
    kind: Kind,
    /// Lines of samples, ready to be printed.
    samples: String,
}

/// Whether a metric may fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Gauge,
    Counter,
}

impl Metrics {
    pub(crate) fn gauge(
        &mut self,
        name: &str,
        help: &str,
        labels: &[(&str, &str)],
        value: impl Display,
    ) {
        self.add(name, help, Kind::Gauge, labels, value);
    }

    /// Adds a sample. The first help and kind of a name count.
    pub(crate) fn add(
        &mut self,
        name: &str,
        help: &str,
        kind: Kind,
        labels: &[(&str, &str)],
        value: impl Display,
    ) {
        let name = sanitised(name);
        let family = self.0.entry(name.clone()).or_insert_with(|| Family {
            help: escaped(help, false),
            kind,
            samples: String::new(),
        });
        let samples = &mut family.samples;
        samples.push_str(&name);
        for (place, (label, value)) in labels.iter().enumerate() {
            let (before, label) = (if place == 0 { '{' } else { ',' }, sanitised(label));
            // Writing to a `String` cannot fail.
            let _ = write!(samples, "{before}{label}=\"{}\"", escaped(value, true));
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(samples, "{after} {value}");
    }
}

impl Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, Family { help, kind, samples }) in &self.0 {
            let kind = match kind {
                Kind::Gauge => "gauge",
                Kind::Counter => "counter",
            };
            write!(f, "# HELP {name} {help}\n# TYPE {name} {kind}\n{samples}")?;
        }
        Ok(())
    }
}

/// A name of letters, digits and underscores that starts with no digit.
fn sanitised(name: &str) -> String {
    let good = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
    let name: String = name.replace("::", "_").replace('+', "_plus").chars().map(good).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if quotes { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests;
