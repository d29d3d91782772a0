//! How many entries a request has: its texts, data and messages inside of messages. They are counted before the
//! request is decoded, because an entry of two bytes takes some hundred bytes of memory then.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost::{DecodeError, Message};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use crate::v1::DESCRIPTORS;

/// The most entries of one request.
pub(crate) const MOST: usize = 1 << 19;
/// How deep messages may be in each other; prost refuses those that are deeper.
const DEPTH: usize = 100;

/// A request has too many entries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// The messages of the contracts.
static CONTRACTS: LazyLock<Contracts> = LazyLock::new(Contracts::read);

#[derive(Default)]
struct Contracts {
    /// The place of each message in `fields`, by its name.
    places: HashMap<String, usize>,
    /// The fields of each message that hold messages, and the place of those.
    fields: Vec<Vec<(u32, usize)>>,
    /// The messages that callers send.
    requests: HashSet<String>,
}

/// Checks a message of this Rust type before it is decoded. Only requests are counted: answers come from
/// a manager.
pub(crate) fn check<M>(message: &[u8]) -> Result<(), TooMany> {
    let name = std::any::type_name::<M>().rsplit("::").next().unwrap_or_default();
    let name = format!(".mgrd.v1.{name}");
    let contracts = &*CONTRACTS;
    let Some(place) = contracts.places.get(&name).filter(|_| contracts.requests.contains(&name))
    else {
        return Ok(());
    };
    let mut left = MOST;
    match contracts.count(*place, message, &mut left, DEPTH) {
        // Decoding says what is wrong with a message that cannot be read.
        Ok(()) | Err(Stop::Invalid) => Ok(()),
        Err(Stop::TooMany) => Err(TooMany),
    }
}

/// Why counting ends early.
enum Stop {
    Invalid,
    TooMany,
}

impl From<DecodeError> for Stop {
    fn from(_: DecodeError) -> Self {
        Self::Invalid
    }
}

impl Contracts {
    fn read() -> Self {
        let mut contracts = Self::default();
        // They are part of this program.
        let files = FileDescriptorSet::decode(DESCRIPTORS).unwrap_or_default().file;
        let mut all = Vec::new();
        for file in &files {
            let package = format!(".{}", file.package());
            file.message_type.iter().for_each(|message| add(&package, message, &mut all));
            let methods = file.service.iter().flat_map(|service| &service.method);
            contracts.requests.extend(methods.map(|method| method.input_type().to_owned()));
        }
        let names = all.iter().map(|(name, _)| name.clone());
        contracts.places = names.zip(0..).collect();
        let place = |field: &FieldDescriptorProto| {
            let number = u32::try_from(field.number()).ok()?;
            Some((number, *contracts.places.get(field.type_name())?))
        };
        let fields = |message: &DescriptorProto| message.field.iter().filter_map(place).collect();
        contracts.fields = all.iter().map(|(_, message)| fields(message)).collect();
        contracts
    }

    fn count(
        &self,
        place: usize,
        mut bytes: &[u8],
        left: &mut usize,
        depth: usize,
    ) -> Result<(), Stop> {
        let depth = depth.checked_sub(1).ok_or(Stop::Invalid)?;
        let fields = self.fields.get(place).map_or(&[][..], Vec::as_slice);
        while bytes.has_remaining() {
            let (field, wire_type) = decode_key(&mut bytes)?;
            if wire_type != WireType::LengthDelimited {
                skip_field(wire_type, field, &mut bytes, DecodeContext::default())?;
                continue;
            }
            *left = left.checked_sub(1).ok_or(Stop::TooMany)?;
            let length = usize::try_from(decode_varint(&mut bytes)?).map_err(|_| Stop::Invalid)?;
            let (entry, rest) = bytes.split_at_checked(length).ok_or(Stop::Invalid)?;
            if let Some((_, place)) = fields.iter().find(|(number, _)| *number == field) {
                self.count(*place, entry, left, depth)?;
            }
            bytes = rest;
        }
        Ok(())
    }
}

/// Adds a message and those that are declared in it, with their full names.
fn add<'a>(
    around: &str,
    message: &'a DescriptorProto,
    all: &mut Vec<(String, &'a DescriptorProto)>,
) {
    let name = format!("{around}.{}", message.name());
    message.nested_type.iter().for_each(|nested| add(&name, nested, all));
    all.push((name, message));
}

#[cfg(test)]
mod tests;
