//! The commands that are closest to words that match none.

use super::arg_type::ArgType;
use super::argument::Count;
use super::signature::{Signature, Slot};
use super::table::CommandTable;

/// How many commands a hint names.
const MAX_HINTS: usize = 10;

/// How many typing mistakes the first word may have for a hint.
const MAX_TYPOS: usize = 2;

/// The signatures of the closest commands, best first. Here the last word may be abbreviated; when
/// a command is run, no word may be.
pub(super) fn usages(table: &CommandTable, words: &[String]) -> Vec<String> {
    let words: Vec<&str> = plain_words(words).collect();
    let ranked = table.iter().filter(|spec| spec.is_listed()).map(|spec| {
        let whole = required_matched(&spec.signature, &words, false);
        let partial = required_matched(&spec.signature, &words, true);
        // In half points: an exact match is worth a little more.
        let score = 2 * partial + usize::from(whole == partial);
        (score, mistakes(&spec.signature, &words), spec)
    });
    let mut ranked: Vec<_> = ranked.collect();
    let top = ranked.iter().map(|(score, ..)| *score).max().unwrap_or(0);
    // If the first word does not fit, only commands with a similar first word are useful.
    let far = |mistakes: &[usize]| top <= 1 && mistakes.first() > Some(&MAX_TYPOS);
    ranked.retain(|(score, mistakes, _)| *score == top && !far(mistakes));
    ranked.sort_by(|(_, a, _), (_, b, _)| a.cmp(b));
    ranked.iter().take(MAX_HINTS).map(|(.., spec)| spec.usage()).collect()
}

/// The words without the first `--`.
pub(super) fn plain_words(words: &[String]) -> impl Iterator<Item = &str> {
    let dashes = words.iter().position(|word| word == "--");
    let kept = words.iter().enumerate().filter(move |(i, _)| Some(*i) != dashes);
    kept.map(|(_, word)| word.as_str())
}

/// How many typing mistakes separate the words from those of a command, word by word.
fn mistakes(signature: &Signature, words: &[&str]) -> Vec<usize> {
    signature.leading_words().zip(words).map(|(a, b)| strsim::osa_distance(a, b)).collect()
}

/// How many required slots the words fill from the left, up to the first that does not fit.
/// With `partial` the last word may be the beginning of a word or choice.
pub(super) fn required_matched<S: AsRef<str>>(
    signature: &Signature,
    words: &[S],
    partial: bool,
) -> usize {
    let mut words = words;
    let mut matched = 0;
    for slot in signature.slots() {
        let (required, most) = match slot {
            Slot::Word(_) => (true, 1),
            Slot::Arg(argument) => match argument.count {
                Count::One => (argument.required, 1),
                Count::Exactly(n) => (argument.required, n),
                Count::Many => (argument.required, usize::MAX),
            },
        };
        let mut seen = 0;
        while seen < most {
            let Some((word, others)) = words.split_first() else { return matched };
            match fits(slot, word.as_ref(), partial && others.is_empty()) {
                true => words = others,
                false if required => return matched,
                // An optional slot leaves the word to the next one.
                false => break,
            }
            seen += 1;
        }
        matched += usize::from(required);
    }
    matched
}

fn fits(slot: &Slot, word: &str, partial: bool) -> bool {
    match slot {
        Slot::Word(literal) if partial => literal.starts_with(word),
        Slot::Word(literal) => literal == word,
        Slot::Arg(argument) => match &argument.kind {
            ArgType::Choices(choices) if partial => choices.iter().any(|c| c.starts_with(word)),
            kind => kind.parse(word).is_ok(),
        },
    }
}
