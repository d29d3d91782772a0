//! A gRPC client that knows about `mgrd` only what it learns from the host by reflection.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use integration_tests::{LONG, grpc};
use prost::Message;
use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind, MessageDescriptor, ReflectMessage, SerializeOptions,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::codec::DynamicCodec;
use crate::error::BlockError;
use crate::exchange::BYTES;

const SERVICE: &str = "mgrd.v1.ModuleHostService";
/// The messages that the host may send at any time.
const AT_ANY_TIME: [&str; 4] = ["ping", "notification", "document_changed", "constants_changed"];

/// A module's side of a session, driven by messages in JSON.
pub(crate) struct Client {
    runtime: Runtime,
    channel: Channel,
    pool: DescriptorPool,
    secret: String,
    session: Option<(Sender<DynamicMessage>, Streaming<DynamicMessage>)>,
    /// The unary calls under way, by name.
    calls: HashMap<String, JoinHandle<Result<Response<DynamicMessage>, Status>>>,
}

/// An answer of the host.
pub(crate) enum Answer {
    Message(Value),
    /// The status, the errno if there is one, and the message.
    Error(String),
    End,
}

impl Client {
    /// Connects to the host and learns its services.
    pub(crate) fn connect(socket: &Path, secret: &str) -> Result<Self, BlockError> {
        let runtime = Runtime::new().unwrap();
        let channel = runtime.block_on(grpc::connect(socket))?;
        let pool = runtime.block_on(reflect(channel.clone(), secret));
        let (secret, calls) = (secret.to_owned(), HashMap::new());
        Ok(Self { runtime, channel, pool, secret, session: None, calls })
    }

    /// Begins a unary call. Other messages may be sent before its answer is awaited.
    pub(crate) fn call(&mut self, call: &str, message: &Value) -> Result<(), BlockError> {
        let (path, input, output) = self.method(call)?;
        let request = self.request(from_json(&input, message)?);
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        let answer = self.runtime.spawn(async move {
            client.ready().await.map_err(|why| Status::unavailable(why.to_string()))?;
            client.unary(request, path, DynamicCodec(output)).await
        });
        self.calls.insert(call.to_owned(), answer);
        Ok(())
    }

    /// The answer of a unary call.
    pub(crate) fn answer(&mut self, call: &str) -> Result<Answer, BlockError> {
        let answer = self.calls.remove(call);
        let answer = answer.ok_or_else(|| BlockError::NotCalled(call.to_owned()))?;
        let answer = self.runtime.block_on(answer)?;
        Ok(answer.map_or_else(Answer::from, |message| Answer::Message(to_json(message.get_ref()))))
    }

    /// Sends a message on the session; the first message opens it. Returns an answer if the host
    /// refuses the session.
    pub(crate) fn send(
        &mut self,
        call: &str,
        message: &Value,
    ) -> Result<Option<Answer>, BlockError> {
        let (path, input, output) = self.method(call)?;
        let message = from_json(&input, message)?;
        if let Some((sender, _)) = &self.session {
            sender.blocking_send(message).map_err(|_| BlockError::NoSession)?;
            return Ok(None);
        }
        let (sender, messages) = channel(8);
        sender.blocking_send(message).map_err(|_| BlockError::NoSession)?;
        let request = self.request(ReceiverStream::new(messages));
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        let opened = self.runtime.block_on(async {
            client.ready().await.map_err(|why| Status::unavailable(why.to_string()))?;
            client.streaming(request, path, DynamicCodec(output)).await
        });
        match opened {
            Ok(stream) => self.session = Some((sender, stream.into_inner())),
            Err(status) => return Ok(Some(status.into())),
        }
        Ok(None)
    }

    /// The next message of the session. A message that may come at any time is answered or ignored,
    /// unless it is `wanted`.
    pub(crate) fn receive(&mut self, wanted: Option<&str>) -> Result<Answer, BlockError> {
        loop {
            let (_, stream) = self.session.as_mut().ok_or(BlockError::NoSession)?;
            let next = async { tokio::time::timeout(LONG, stream.message()).await };
            let message = match self.runtime.block_on(next) {
                Err(_) => return Err(BlockError::NoMessage),
                Ok(Err(status)) => return Ok(status.into()),
                Ok(Ok(None)) => return Ok(Answer::End),
                Ok(Ok(Some(message))) => to_json(&message),
            };
            let kind = AT_ANY_TIME.into_iter().find(|kind| message.get(kind).is_some());
            if kind.is_none() || kind == wanted {
                return Ok(Answer::Message(message));
            }
            if let Some(ping) = message.get("ping") {
                // It fails if the host has just ended the session.
                let _ = self.send("Attach", &json!({ "pong": ping }));
            }
        }
    }

    /// Ends the module's side of the session.
    pub(crate) fn end(&mut self) {
        if let Some((sender, _)) = &mut self.session {
            *sender = channel(1).0;
        }
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("mgrd-secret", self.secret.parse().unwrap());
        request
    }

    fn method(
        &self,
        call: &str,
    ) -> Result<(PathAndQuery, MessageDescriptor, MessageDescriptor), BlockError> {
        let service = self.pool.get_service_by_name(SERVICE);
        let method = service.and_then(|service| service.methods().find(|m| m.name() == call));
        let method = method.ok_or_else(|| BlockError::NoCall(call.to_owned()))?;
        let path = format!("/{SERVICE}/{call}").parse().unwrap();
        Ok((path, method.input(), method.output()))
    }
}

impl From<Status> for Answer {
    fn from(status: Status) -> Self {
        let code = constant_case(status.code());
        let errno = status.metadata().get("mgrd-errno").and_then(|errno| errno.to_str().ok());
        let errno = errno.map(|errno| format!(", mgrd-errno {errno}")).unwrap_or_default();
        Self::Error(format!("{code}{errno}\n{}", status.message()))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message(value) => write!(f, "{value:#}"),
            Self::Error(text) => f.write_str(text),
            Self::End => f.write_str("the end of the stream"),
        }
    }
}

/// The code as the contracts spell it, such as `NOT_FOUND`.
fn constant_case(code: Code) -> String {
    let mut name = String::new();
    for (at, char) in format!("{code:?}").char_indices() {
        if at > 0 && char.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(char.to_ascii_uppercase());
    }
    name
}

/// Fetches the file of the service, and the files that it imports.
async fn reflect(channel: Channel, secret: &str) -> DescriptorPool {
    let secret: AsciiMetadataValue = secret.parse().unwrap();
    let prove = move |mut request: Request<()>| {
        request.metadata_mut().insert("mgrd-secret", secret.clone());
        Ok(request)
    };
    let mut reflection = ServerReflectionClient::with_interceptor(channel, prove);
    let mut files: Vec<FileDescriptorProto> = Vec::new();
    let mut wanted = vec![MessageRequest::FileContainingSymbol(SERVICE.to_owned())];
    while let Some(file) = wanted.pop() {
        let ask = ServerReflectionRequest { host: String::new(), message_request: Some(file) };
        let answers = reflection.server_reflection_info(tokio_stream::once(ask)).await.unwrap();
        let answer = answers.into_inner().message().await.unwrap().unwrap().message_response;
        let Some(MessageResponse::FileDescriptorResponse(response)) = answer else {
            panic!("{answer:?}")
        };
        for bytes in response.file_descriptor_proto {
            let file = FileDescriptorProto::decode(bytes.as_slice()).unwrap();
            wanted.extend(file.dependency.iter().cloned().map(MessageRequest::FileByFilename));
            files.push(file);
        }
    }
    let mut pool = DescriptorPool::new();
    pool.add_file_descriptor_protos(files).unwrap();
    pool
}

fn from_json(descriptor: &MessageDescriptor, shown: &Value) -> Result<DynamicMessage, BlockError> {
    let mut value = shown.clone();
    each_bytes(descriptor, &mut value, &|value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        *value = Value::String(BASE64_STANDARD.encode(text));
    });
    DynamicMessage::deserialize(descriptor.clone(), value)
        .map_err(|source| BlockError::WrongMessage { message: shown.clone(), source })
}

fn to_json(message: &DynamicMessage) -> Value {
    let options =
        SerializeOptions::new().use_proto_field_name(true).stringify_64_bit_integers(false);
    let serializer = serde_json::value::Serializer;
    let mut value = message.serialize_with_options(serializer, &options).unwrap();
    each_bytes(&message.descriptor(), &mut value, &|value| {
        let bytes = BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default();
        *value = json!({BYTES: String::from_utf8_lossy(&bytes)});
    });
    value
}

/// Changes each field of bytes, at any depth.
fn each_bytes(descriptor: &MessageDescriptor, value: &mut Value, change: &impl Fn(&mut Value)) {
    for field in descriptor.fields() {
        let Some(value) = value.get_mut(field.name()) else { continue };
        match field.kind() {
            Kind::Bytes => change(value),
            Kind::Message(inner) if field.is_list() => {
                let items = value.as_array_mut().into_iter().flatten();
                items.for_each(|item| each_bytes(&inner, item, change));
            }
            Kind::Message(inner) if !field.is_map() => each_bytes(&inner, value, change),
            _ => {}
        }
    }
}
