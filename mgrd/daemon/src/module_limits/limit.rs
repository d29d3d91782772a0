//! The table of the limits that can be set for one module.

use std::fmt;

use super::error::LimitError;
use super::unit::Unit;
use crate::message_bytes;

/// A limit that can be set for one module. Its name is also its key in `[limits]` of `module.toml`, and in
/// `mgrd.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    Memory,
    MemoryWarning,
    Cpu,
    CpuWeight,
    Processes,
    OpenFiles,
    LinesPerSecond,
    LineBytesPerSecond,
    LogRecordsPerSecond,
    LogBytesPerSecond,
    InFlight,
    CallerInFlight,
    CommandDeadline,
    MessageBytes,
    Connections,
    StoreBytes,
    StoreKeys,
    StoreValueBytes,
}

/// A limit, its name and unit, the smallest and the largest value, and an example.
type Row = (Limit, &'static str, Unit, u64, u64, &'static str);

/// The word for no limit.
const NO_LIMIT: &str = "unlimited";
/// The same in the older form, which times in `mgrd.toml` have, too.
const NEVER: &str = "never";

const K: u64 = 1 << 10;
const M: u64 = 1 << 20;
const T: u64 = 1 << 40;
const YEAR: u64 = 365 * 86_400_000;

/// The rows are in the order of the variants.
const ROWS: [Row; 18] = [
    (Limit::Memory, "memory", Unit::Bytes, M, 16 * T, "512M"),
    (Limit::MemoryWarning, "memory_warning", Unit::Percent, 1, 100, "80%"),
    (Limit::Cpu, "cpu", Unit::Percent, 1, 100_000, "50%"),
    (Limit::CpuWeight, "cpu_weight", Unit::Number, 1, 10_000, "100"),
    (Limit::Processes, "processes", Unit::Number, 1, 1 << 22, "100"),
    // The least is what a process opens to attach: its output, its secret, its socket.
    (Limit::OpenFiles, "open_files", Unit::Number, 8, 1 << 30, "1024"),
    (Limit::LinesPerSecond, "lines_per_second", Unit::Number, 1, 1_000_000, "1000"),
    (Limit::LineBytesPerSecond, "line_bytes_per_second", Unit::Bytes, K, T, "1M"),
    (Limit::LogRecordsPerSecond, "log_records_per_second", Unit::Number, 1, 1_000_000, "1000"),
    (Limit::LogBytesPerSecond, "log_bytes_per_second", Unit::Bytes, K, T, "1M"),
    (Limit::InFlight, "in_flight", Unit::Number, 1, 1_000_000, "256"),
    (Limit::CallerInFlight, "caller_in_flight", Unit::Number, 1, 1_000_000, "128"),
    (Limit::CommandDeadline, "command_deadline", Unit::Time, 1, YEAR, "30s"),
    (Limit::MessageBytes, "message_bytes", Unit::Bytes, 64 * K, message_bytes::WHOLE as u64, "4M"),
    (Limit::Connections, "connections", Unit::Number, 1, 1_000_000, "16"),
    (Limit::StoreBytes, "store_bytes", Unit::Bytes, K, T, "256M"),
    (Limit::StoreKeys, "store_keys", Unit::Number, 1, 1_000_000_000, "100000"),
    (Limit::StoreValueBytes, "store_value_bytes", Unit::Bytes, K, 64 * M, "16M"),
];

impl Limit {
    /// All of them, in the order in which they are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What its values count.
    pub(crate) fn unit(self) -> Unit {
        self.row().2
    }

    /// Whether it can be set to no limit.
    fn can_be_absent(self) -> bool {
        use Limit::{CommandDeadline, Cpu, Memory, MemoryWarning, OpenFiles, Processes};
        matches!(self, Memory | MemoryWarning | Cpu | Processes | OpenFiles | CommandDeadline)
    }

    /// The limit with this name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn named(name: &str) -> Result<Self, LimitError> {
        let row = ROWS.iter().find(|row| row.1 == name);
        row.map(|row| row.0).ok_or_else(|| LimitError::unknown(name))
    }

    /// A value of it, as people write it; none means no limit.
    ///
    /// # Errors
    ///
    /// If it is not allowed.
    pub fn read(self, text: &str) -> Result<Option<u64>, LimitError> {
        let (_, name, unit, least, most, example) = *self.row();
        let value = if self.can_be_absent() && is_no_limit(text, unit) {
            None
        } else {
            let value = unit.read(text);
            Some(value.ok_or_else(|| LimitError::not_a_value(name, text, unit, example))?)
        };
        match value {
            Some(value) if !(least..=most).contains(&value) => {
                let (least, most) = (unit.show(least), unit.show(most));
                Err(LimitError::OutOfRange { name, value: unit.show(value), least, most, example })
            }
            value => Ok(value),
        }
    }

    /// A value of it, as people write it.
    #[must_use]
    pub fn show(self, value: Option<u64>) -> String {
        value.map_or_else(|| NO_LIMIT.to_owned(), |value| self.unit().show(value))
    }
}

fn is_no_limit(text: &str, unit: Unit) -> bool {
    text == NO_LIMIT || unit == Unit::Time && text == NEVER
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
