//! Runs code on mutated input, and reports the input at which it panics.
//!
//! A target is a test that calls [`fuzz`] with a name and a function. The inputs come from the target's
//! folder in `corpus`, and from mutations of those. As part of the other tests, each target runs on its
//! corpus and on a few hundred mutations that are always the same. `make fuzz SECONDS=60` runs each for
//! that long with a new seed, which `SEED` in the environment repeats.
//!
//! This needs no special compiler. The price is that no coverage guides the mutations, so the corpus
//! must have an example of everything that a target can read.

mod corpus;
mod memory;
mod mutate;
mod panics;
mod sequence;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

pub use corpus::{read as corpus, save};
use memory::Level;
pub use mutate::Mutator;
pub use sequence::{join, parts};

/// How many mutations run if no time is given.
const FEW: u64 = 300;
/// How often the progress is shown.
const SHOW: Duration = Duration::from_secs(10);

/// Runs `target` on the corpus of `name` and on mutations of it.
///
/// # Panics
///
/// If the target panics, or a task that it runs on this thread. The input is then a file, which the
/// message names. Also if the memory of the process grows while a target runs for a given time.
pub fn fuzz(name: &str, target: impl Fn(&[u8])) {
    let corpus = corpus::read(name);
    let run = |input: &[u8], seed: Option<u64>| {
        let before = panics::of_this_thread();
        let ended = catch_unwind(AssertUnwindSafe(|| target(input)));
        if ended.is_err() || panics::of_this_thread() > before {
            let seed = seed.map_or_else(String::new, |seed| format!(", SEED={seed}"));
            panic!("fuzz {name}: the input is in {}{seed}", corpus::save(name, input).display());
        }
    };
    for input in &corpus {
        run(input, None);
    }
    let budget = Budget::from_environment();
    let mut mutator = Mutator::new(corpus, budget.seed);
    let (start, mut shown, mut count) = (Instant::now(), Instant::now(), 0u64);
    let mut level = Level::default();
    while budget.lasts(start, count) {
        run(&mutator.next_input(), Some(budget.seed));
        count += 1;
        if budget.time.is_some() {
            level.check(name, count, budget.seed);
        }
        if shown.elapsed() > SHOW {
            shown = Instant::now();
            println!("fuzz {name}: {count} inputs in {} s", start.elapsed().as_secs());
        }
    }
    if let Some(time) = budget.time {
        let seed = budget.seed;
        println!("fuzz {name}: {count} inputs in {} s, SEED={seed}: no failure", time.as_secs());
    }
}

/// How long a target runs, and with which numbers.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// None if it only runs on a few inputs.
    pub time: Option<Duration>,
    /// Where its random numbers begin.
    pub seed: u64,
}

impl Budget {
    /// What `FUZZ_SECONDS` and `SEED` say.
    ///
    /// # Panics
    ///
    /// If one of them is not a number.
    #[must_use]
    pub fn from_environment() -> Self {
        let number = |name| {
            let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
            Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
        };
        let time = number("FUZZ_SECONDS").map(Duration::from_secs);
        let new = if time.is_some() { fastrand::u64(..1 << 32) } else { 0 };
        Self { time, seed: number("SEED").unwrap_or(new) }
    }

    /// Whether there is time for one more input.
    #[must_use]
    pub fn lasts(&self, start: Instant, count: u64) -> bool {
        self.time.map_or(count < FEW, |time| start.elapsed() < time)
    }
}
