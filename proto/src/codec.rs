//! Messages as protobuf, in such a way that the memory of a large one does not stay with its call.
//!
//! tonic has one buffer for each direction of a call, and a session is one call for days. A buffer keeps
//! the memory of the largest message that was in it, unless a part of that memory is still in use when the
//! next message comes: then the buffer takes new memory, as little as that message needs. So the last
//! large message stays in use until then ([`LastLarge`]), and no room is left behind it in its buffer.

use std::marker::PhantomData;

use bytes::{Buf, Bytes};
use prost::{DecodeError, EncodeError, Message};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use crate::entries::{self, MOST, TooMany};

/// The memory of messages up to this length may stay with their call.
const SMALL: usize = 256 << 10;

/// Whether the memory of a message of this length must not stay with its call.
pub const fn is_large(bytes: usize) -> bool {
    bytes > SMALL
}

/// The last message of one direction of a call, if it was large.
#[derive(Debug, Default)]
pub struct LastLarge(Option<Bytes>);

impl LastLarge {
    /// Remembers the bytes of a message, and lets go of those of the one before.
    pub fn replace(&mut self, message: &Bytes) {
        self.0 = is_large(message.len()).then(|| message.clone());
    }
}

/// Encodes messages of type `E` and decodes those of type `D`.
#[derive(Debug)]
pub struct Protobuf<E, D>(PhantomData<(E, D)>);

impl<E, D> Default for Protobuf<E, D> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<E, D> Codec for Protobuf<E, D>
where
    E: Message + 'static,
    D: Message + Default + 'static,
{
    type Encode = E;
    type Decode = D;
    type Encoder = Encoding<E>;
    type Decoder = Decoding<D>;

    fn encoder(&mut self) -> Encoding<E> {
        Encoding(PhantomData)
    }

    fn decoder(&mut self) -> Decoding<D> {
        Decoding { last: LastLarge::default(), of: PhantomData }
    }
}

/// Encodes messages. The code that sends the bytes keeps the [`LastLarge`].
#[derive(Debug)]
pub struct Encoding<M>(PhantomData<M>);

impl<M: Message> Encoder for Encoding<M> {
    type Item = M;
    type Error = Status;

    fn encode(&mut self, message: M, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        // A buffer that grows while a message is written to it doubles, and has room left behind it.
        buffer.reserve(message.encoded_len());
        message.encode(buffer).map_err(|error: EncodeError| Status::internal(error.to_string()))
    }
}

/// Decodes messages. No room is left behind a large one if it arrives in parts of its own.
#[derive(Debug)]
pub struct Decoding<M> {
    last: LastLarge,
    of: PhantomData<M>,
}

impl<M: Message + Default> Decoder for Decoding<M> {
    type Item = M;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<M>, Status> {
        let bytes = buffer.remaining();
        let message = if is_large(bytes) {
            // Does not copy: it divides the buffer.
            let message = buffer.copy_to_bytes(bytes);
            self.last.replace(&message);
            entries::check::<M>(&message).map_err(|TooMany| too_many())?;
            M::decode(message)
        } else {
            self.last = LastLarge::default();
            M::decode(buffer)
        };
        message.map(Some).map_err(|error: DecodeError| Status::internal(error.to_string()))
    }
}

fn too_many() -> Status {
    Status::resource_exhausted(format!(
        "the message has more than {MOST} entries (texts, data and messages in it); send it in parts"
    ))
}
