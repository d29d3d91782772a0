//! Mutations of inputs.

use fastrand::Rng;

use super::sequence::{join, parts};

/// The longest input.
const LONGEST: usize = 16 << 10;
/// Numbers that are often handled wrongly.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e400",
    "18446744073709551616",
    "9223372036854775807",
    "4294967296",
    "0.0000001",
    "nan",
    "inf",
    "-0",
];
/// Texts that are often handled wrongly.
const TEXTS: [&[u8]; 12] = [
    b"\0",
    b"\xff",
    "\u{202e}".as_bytes(),
    "\u{e9}".as_bytes(),
    "\u{1f600}".as_bytes(),
    b"\n",
    b"\x1b[2J",
    b"\"",
    b"\\",
    b"{}",
    b"null",
    b"[[[[[[[[[[[[[[[[",
];

/// Makes new inputs of known ones.
#[derive(Debug)]
pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    rng: Rng,
}

impl Mutator {
    /// Mutates these inputs. The same seed makes the same ones.
    #[must_use]
    pub fn new(corpus: Vec<Vec<u8>>, seed: u64) -> Self {
        Self { corpus, rng: Rng::with_seed(seed) }
    }

    /// The next input.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.known();
        for _ in 0..=self.rng.u8(0..6) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    /// Random numbers of the same sequence.
    pub fn random(&mut self) -> &mut Rng {
        &mut self.rng
    }

    fn known(&mut self) -> Vec<u8> {
        self.rng.choice(&self.corpus).cloned().unwrap_or_default()
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        if self.rng.u8(0..4) == 0 && self.reorder(input) {
            return;
        }
        let at = self.rng.usize(..=input.len());
        let end = (at + self.rng.usize(..=16)).min(input.len());
        match self.rng.u8(0..11) {
            0 if at < input.len() => input[at] ^= 1 << self.rng.u8(0..8),
            1 if at < input.len() => input[at] = self.rng.u8(..),
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].to_vec();
                insert(input, end, &part);
            }
            4 => {
                let text = TEXTS[self.rng.usize(..TEXTS.len())];
                insert(input, at, text);
            }
            5 => self.replace_number(input),
            6 | 7 => {
                // A part of another input.
                let other = self.known();
                let start = self.rng.usize(..=other.len());
                let stop = (start + self.rng.usize(..=64)).min(other.len());
                insert(input, at, &other[start..stop]);
            }
            8 => input.truncate(at),
            9 => {
                let many = input[at..end].repeat(self.rng.usize(..200));
                insert(input, at, &many);
            }
            _ => {
                let word = self.rng.u64(..) >> self.rng.u8(0..64);
                let bytes = word.to_le_bytes();
                let length = self.rng.usize(1..=8);
                insert(input, at, &bytes[..length]);
            }
        }
        input.truncate(LONGEST);
    }

    /// Changes the order of the parts of a sequence: moves, repeats or removes one, or takes one of
    /// another input. Returns whether the input is a sequence.
    fn reorder(&mut self, input: &mut Vec<u8>) -> bool {
        let mut all: Vec<Vec<u8>> = parts(input).into_iter().map(<[u8]>::to_vec).collect();
        if all.len() < 2 {
            return false;
        }
        let (from, to) = (self.rng.usize(..all.len()), self.rng.usize(..all.len()));
        match self.rng.u8(0..5) {
            0 => all.swap(from, to),
            1 => drop(all.remove(from)),
            2 => all.insert(to, all[from].clone()),
            3 => (0..self.rng.usize(..50)).for_each(|_| all.push(all[from].clone())),
            _ => {
                let other = self.known();
                let other = self.rng.choice(parts(&other)).map(<[u8]>::to_vec);
                all.insert(to, other.unwrap_or_default());
            }
        }
        *input = join(&all);
        true
    }

    /// Puts an odd number in the place of digits.
    fn replace_number(&mut self, input: &mut Vec<u8>) {
        let from = self.rng.usize(..=input.len());
        let Some(start) = input[from..].iter().position(u8::is_ascii_digit) else { return };
        let start = from + start;
        let digits = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = NUMBERS[self.rng.usize(..NUMBERS.len())];
        drop(input.splice(start..start + digits, number.bytes()));
    }
}

fn insert(input: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(input.splice(at..at, part.iter().copied()));
}
