//! Why counter values are refused.

/// Why a row of values was refused.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The daemon is unknown or has no schema.
    #[error(
        "counters of {0} were sent before its schema; announce the daemon with its schema first"
    )]
    NoSchema(String),
    /// The row does not fit the schema.
    #[error(
        "{daemon} sent {values} values and {counts} counts, but its schema of {counters} counters \
         asks for one value each and {averages} counts, one for each long-run average"
    )]
    Width {
        /// The daemon that sent it.
        daemon: String,
        /// How many values came.
        values: usize,
        /// How many counts came.
        counts: usize,
        /// How many values the schema asks for.
        counters: usize,
        /// How many counts the schema asks for.
        averages: usize,
    },
    /// The time is not a number.
    #[error("{0} sent counters without a valid time; send the seconds since 1970")]
    Stamp(String),
}

#[cfg(test)]
mod tests;
