//! Inputs that are sequences, such as the messages of a session.
//!
//! A separator between the parts bears mutations better than lengths do: one wrong length would change
//! all parts after it.

/// What separates the parts of an input.
pub(super) const SEPARATOR: &[u8] = b"\n--\n";

/// The parts of an input.
#[must_use]
pub fn parts(input: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), input);
    while let Some(at) = rest.windows(SEPARATOR.len()).position(|part| part == SEPARATOR) {
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

/// An input of these parts.
#[must_use]
pub fn join(parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(SEPARATOR)
}
