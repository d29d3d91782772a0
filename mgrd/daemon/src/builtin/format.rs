//! How structured results become text: JSON and YAML for programs, aligned tables for people.

use std::str::FromStr;

use mgrd_command::{Errno, Outcome};
use serde::Serialize;

/// The output format a client asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for people; the default.
    #[default]
    Plain,
    /// JSON on one line.
    Json,
    /// JSON, indented.
    JsonPretty,
    /// YAML.
    Yaml,
}

/// A format name that is not known.
#[derive(Debug, thiserror::Error)]
#[error("unknown format '{0}'; use plain, json, json-pretty or yaml")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "" | "plain" => Ok(Self::Plain),
            "json" => Ok(Self::Json),
            "json-pretty" => Ok(Self::JsonPretty),
            "yaml" => Ok(Self::Yaml),
            other => Err(UnknownFormat(other.to_owned())),
        }
    }
}

impl Format {
    /// Renders `value`; `plain` makes the text for people, called only if they are the readers.
    pub fn render<T: Serialize>(self, value: &T, plain: impl FnOnce() -> String) -> Outcome {
        match self {
            Self::Plain => Outcome::ok(plain()),
            _ => self.structured(value),
        }
    }

    /// Renders `value` for programs; `Plain` gives indented JSON, as Ceph's commands without a
    /// form for people do.
    pub fn structured<T: Serialize>(self, value: &T) -> Outcome {
        let text = match self {
            Self::Json => serde_json::to_string(value).map_err(|e| e.to_string()),
            Self::Yaml => serde_yaml_ng::to_string(value).map_err(|e| e.to_string()),
            Self::Plain | Self::JsonPretty => {
                serde_json::to_string_pretty(value).map_err(|e| e.to_string())
            }
        };
        match text {
            Ok(text) if text.ends_with('\n') => Outcome::ok(text),
            Ok(text) => Outcome::ok(text + "\n"),
            Err(why) => Outcome::error(Errno::EIO, format!("cannot format the result: {why}")),
        }
    }
}

/// An aligned table: a header row, then rows, two blanks between columns, nothing after the last.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Table {
    /// A table with these column titles.
    #[must_use]
    pub fn new<const N: usize>(titles: [&str; N]) -> Self {
        Self { rows: vec![titles.map(str::to_owned).to_vec()], right: Vec::new() }
    }

    /// The same with these columns, counted from 0, aligned to the right: those with numbers.
    #[must_use]
    pub fn right(mut self, columns: &[usize]) -> Self {
        self.right = columns.to_vec();
        self
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }

    /// The text, one line a row, each ended by a newline.
    #[must_use]
    pub fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let aligned = row.iter().zip(&widths).enumerate();
            let cells = aligned.map(|(column, (cell, &w))| match self.right.contains(&column) {
                true => format!("{cell:>w$}"),
                false => format!("{cell:w$}"),
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_aligns_its_columns_and_leaves_no_trailing_blanks() {
        let mut table = Table::new(["MODULE", "STATE"]);
        table.row(["hello".into(), "running".into()]);
        table.row(["antigravity".into(), String::new()]);
        assert_eq!(table.render(), "MODULE       STATE\nhello        running\nantigravity\n");
        let mut numbers = Table::new(["ID", "N"]).right(&[1]);
        numbers.row(["a".into(), "100".into()]);
        assert_eq!(numbers.render(), "ID    N\na   100\n");
    }

    #[test]
    fn structured_results_end_with_one_newline() {
        let value = serde_json::json!({"a": 1});
        assert_eq!(Format::Json.structured(&value).stdout, "{\"a\":1}\n");
        assert_eq!(Format::Yaml.structured(&value).stdout, "a: 1\n");
    }
}
