//! Overloads: several signatures of one prefix. The first that fits is chosen.

use super::argument::Argument;
use super::signature::{Signature, Slot};

/// Whether everything that fits `later` also fits `earlier`, so that `later` is never chosen.
///
/// This holds if both have the same slots, `earlier` requires no slot that is optional in `later`,
/// and the rest of `earlier` is optional. Signatures that differ in any other way count as
/// different, because a word that one argument refuses may fit the next.
pub(super) fn shadows(earlier: &Signature, later: &Signature) -> bool {
    let (earlier, later) = (earlier.slots(), later.slots());
    earlier.len() >= later.len()
        && earlier.iter().zip(later).all(|(earlier, later)| takes_all_of(earlier, later))
        && earlier[later.len()..].iter().all(is_optional)
}

fn takes_all_of(earlier: &Slot, later: &Slot) -> bool {
    match (earlier, later) {
        (Slot::Word(earlier), Slot::Word(later)) => earlier == later,
        (Slot::Arg(earlier), Slot::Arg(later)) => {
            let required = earlier.required && later.required;
            *earlier == Argument { required, ..later.clone() }
        }
        _ => false,
    }
}

fn is_optional(slot: &Slot) -> bool {
    matches!(slot, Slot::Arg(argument) if !argument.required)
}
