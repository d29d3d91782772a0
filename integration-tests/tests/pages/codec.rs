//! Encodes and decodes messages by their descriptors.

use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Encodes any message, and decodes messages of this descriptor.
pub(crate) struct DynamicCodec(pub(crate) MessageDescriptor);

/// The encoder or decoder of a [`DynamicCodec`].
pub(crate) struct Coder(MessageDescriptor);

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Coder;
    type Decoder = Coder;

    fn encoder(&mut self) -> Coder {
        Coder(self.0.clone())
    }

    fn decoder(&mut self) -> Coder {
        Coder(self.0.clone())
    }
}

impl Encoder for Coder {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(buffer).map_err(|why| Status::internal(why.to_string()))
    }
}

impl Decoder for Coder {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let message = DynamicMessage::decode(self.0.clone(), buffer);
        message.map(Some).map_err(|why| Status::internal(why.to_string()))
    }
}
