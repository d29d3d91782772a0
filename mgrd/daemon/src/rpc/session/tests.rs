use std::time::Duration;

use http_body::Frame;
use http_body_util::StreamBody;
use mgrd_proto::codec::Protobuf;
use mgrd_proto::v1::{AttachRequest, Hello, Pong, WatchDocuments};
use prost::Message as _;
use tonic::body::Body;
use tonic::codec::Codec;

use super::*;
use crate::module_limits::{Limit, Settings};
use crate::rpc::fuzz::place::{Place, start};
use crate::rpc::receiving::{Longest, Receiving};

/// How many bytes a message of `m` may have.
const MOST: usize = 1 << 16;

fn message(message: From) -> Vec<u8> {
    AttachRequest { message: Some(message) }.encode_to_vec()
}

/// Messages as they arrive from a connection.
fn incoming(place: &Place, messages: impl IntoIterator<Item = Vec<u8>>) -> Incoming {
    let frames = messages.into_iter().map(|message| {
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        Ok::<_, Status>(Frame::data([&[0], &length[..], &message].concat().into()))
    });
    let frames: Vec<_> = frames.collect();
    let lengths = Arc::new(Lengths::default());
    let body = Body::new(StreamBody::new(tokio_stream::iter(frames)));
    let longest = Longest::Session(lengths.clone());
    let body = Receiving::new(body, place.usage.clone(), longest, Duration::from_secs(10));
    let decoder = Protobuf::<AttachRequest, AttachRequest>::default().decoder();
    Incoming::new(Streaming::new_request(decoder, body, None, None), lengths)
}

/// Why a session of `m` ends that sends its hello and then a list of documents.
async fn end_of(place: &Place, names: Vec<String>) -> Status {
    let settings = Settings::default().with(Limit::MessageBytes, Some(MOST as u64));
    place.host.modules().own_limits().of("m").set_operator(settings);
    let run = start(&place.host, "m").await;
    let hello = message(From::Hello(Hello { protocol_versions: vec![1], ..Hello::default() }));
    let watch = message(From::WatchDocuments(WatchDocuments { names }));
    let incoming = incoming(place, [hello, watch]);
    let attached = attach(place.host.clone(), run, None, place.usage.clone(), incoming).await;
    let mut answers = attached.unwrap_or_else(|why| panic!("{why}"));
    loop {
        if let Err(why) = answers.next().await.expect("a reason") {
            return why;
        }
    }
}

#[tokio::test]
async fn all_bytes_of_a_message_count_whatever_is_known_of_them() {
    let place = Place::new().await;
    // A field that no version has.
    let unknown = {
        let mut field = vec![0xfa, 0x7f];
        prost::encoding::encode_varint(MOST as u64, &mut field);
        [field, vec![0; MOST]].concat()
    };
    let pong = message(From::Pong(Pong { seq: 1, ..Pong::default() }));
    let sent = [
        vec![],
        pong.clone(),
        [pong.clone(), unknown.clone()].concat(),
        unknown,
        pong.repeat(MOST),
    ];
    let mut incoming = incoming(&place, sent.clone());
    for message in sent {
        assert_eq!(incoming.next().await.unwrap().unwrap().0, message.len());
    }
    assert!(incoming.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_list_of_documents_that_is_too_long_ends_the_session_with_the_reason() {
    let why = end_of(&Place::new().await, vec!["d".repeat(100); MOST / 100]).await;
    assert!(why.message().contains("limits.module.message_bytes"), "{why}");
}

#[tokio::test]
async fn a_message_with_too_many_entries_ends_the_session_with_the_reason() {
    let why = end_of(&Place::new().await, vec![String::new(); 1 << 20]).await;
    assert!(why.message().contains("entries"), "{why}");
}
