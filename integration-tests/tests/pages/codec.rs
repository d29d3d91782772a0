//! Messages known only by their descriptors, on the wire.

use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Encodes any message, and decodes the one of this descriptor.
pub(crate) struct DynamicCodec(pub(crate) MessageDescriptor);

/// One half of a [`DynamicCodec`].
pub(crate) struct Half(MessageDescriptor);

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Half;
    type Decoder = Half;

    fn encoder(&mut self) -> Half {
        Half(self.0.clone())
    }

    fn decoder(&mut self) -> Half {
        Half(self.0.clone())
    }
}

impl Encoder for Half {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(buffer).map_err(|why| Status::internal(why.to_string()))
    }
}

impl Decoder for Half {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let message = DynamicMessage::decode(self.0.clone(), buffer);
        message.map(Some).map_err(|why| Status::internal(why.to_string()))
    }
}
