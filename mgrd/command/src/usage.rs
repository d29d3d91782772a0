//! Signatures for people: `pool make <pool> [<pg:int>] [rep|ec] [<tags>...] [--bulk]`.

use super::arg_type::ArgType;
use super::argument::{Argument, Count};
use super::signature::{Signature, Slot};

/// The signature for people.
pub(super) fn signature(signature: &Signature) -> String {
    let slots = signature.slots().iter().map(|slot| match slot {
        Slot::Word(word) => word.clone(),
        Slot::Arg(argument) => self::argument(argument),
    });
    slots.collect::<Vec<_>>().join(" ")
}

/// One argument for people.
pub(super) fn argument(argument: &Argument) -> String {
    let mut text = match (&argument.kind, argument.positional) {
        (ArgType::Bool, _) => keyword(argument),
        (kind, true) => value(&argument.name, kind),
        (kind, false) => format!("{} {}", keyword(argument), keyword_value(kind)),
    };
    text.push_str(match argument.count {
        Count::One => "",
        Count::Exactly(_) | Count::Many => "...",
    });
    if argument.required { text } else { format!("[{text}]") }
}

/// A signature and the help of its command, if that has one, in one line.
pub(super) fn with_help(usage: &str, help: &str) -> String {
    if help.is_empty() { usage.to_owned() } else { format!("{usage} : {help}") }
}

/// `--dashed-name`.
pub(super) fn keyword(argument: &Argument) -> String {
    format!("--{}", argument.name.replace('_', "-"))
}

fn value(name: &str, kind: &ArgType) -> String {
    match kind {
        ArgType::Int(_) => format!("<{name}:int>"),
        ArgType::Float(_) => format!("<{name}:float>"),
        ArgType::Choices(choices) => choices.to_string(),
        ArgType::Name => "<type.id>".to_owned(),
        ArgType::OsdName => "<id|osd.id>".to_owned(),
        _ => format!("<{name}>"),
    }
}

fn keyword_value(kind: &ArgType) -> String {
    match kind {
        ArgType::Int(_) => "<int>".to_owned(),
        ArgType::Float(_) => "<float>".to_owned(),
        ArgType::Choices(choices) => format!("<{choices}>"),
        _ => "<value>".to_owned(),
    }
}

#[cfg(test)]
mod tests;
