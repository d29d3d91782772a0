use std::collections::VecDeque;

use http_body_util::BodyExt;
use mgrd_proto::codec::Protobuf;
use mgrd_proto::v1::{ExecuteCommand, ExecuteRequest, Words, execute_command, execute_request};
use mgrd_transport::Peer;
use prost::Message as _;
use tonic::codec::Codec as _;
use tonic::{Code, Streaming};

use super::*;
use crate::rpc::ConnectionLimits;
use crate::rpc::peer_usage::Caller;
use crate::rpc::shares::Shares;
use crate::rpc::writes::Writes;

/// A body of these parts; after them it waits for ever, unless it `ends`.
struct Parts {
    parts: VecDeque<Bytes>,
    ends: bool,
}

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.parts.pop_front() {
            Some(part) => Poll::Ready(Some(Ok(Frame::data(part)))),
            None if self.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn usage(receiving_bytes: usize) -> Arc<PeerUsage> {
    let limits = ConnectionLimits { receiving_bytes, ..ConnectionLimits::default() };
    let peer = Peer::Process { pid: 1, uid: 1 };
    let shares = Arc::new(Shares::new(std::time::Instant::now()));
    let writes = Arc::new(Writes::new(std::time::Instant::now()));
    Arc::new(PeerUsage::new(Caller::Client(peer), &limits, shares, writes))
}

fn receiving(usage: &Arc<PeerUsage>, parts: &[&[u8]], ends: bool) -> Receiving {
    let parts = parts.iter().map(|part| Bytes::copy_from_slice(part)).collect();
    let body = Body::new(Parts { parts, ends });
    Receiving::new(body, usage.clone(), Longest::Call(1000), Duration::from_secs(10))
}

fn message(length: u32, present: usize) -> Vec<u8> {
    [&[0], &length.to_be_bytes()[..], &vec![7; present]].concat()
}

#[tokio::test]
async fn a_message_counts_until_it_has_arrived_however_it_is_cut() {
    let all = [message(3, 3), message(0, 0), message(10, 10), message(10, 10)].concat();
    for size in [1, 2, 4, 7, all.len()] {
        let usage = usage(10);
        let parts: Vec<_> = all.chunks(size).collect();
        let got = receiving(&usage, &parts, true).collect().await.unwrap();
        assert_eq!(got.to_bytes(), all, "parts of {size}");
        assert_eq!(usage.receive(10), Ok(()));
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_for_its_call_is_refused_before_it_has_arrived() {
    let usage = usage(5000);
    receiving(&usage, &[&message(1000, 1000)], true).collect().await.unwrap();
    let refused = receiving(&usage, &[&message(1001, 0)], false).collect().await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert!(
        refused.message().contains("1001 bytes") && refused.message().contains("request_bytes")
    );
}

#[test]
fn texts() {
    use crate::rpc::peer_usage::TooManyBytes;
    let peer = Peer::Process { pid: 1, uid: 1 };
    let many = TooManyBytes { caller: Caller::Client(peer), receiving: 5, bytes: 6, limit: 10 };
    mgrd_snapshots::assert_errors!(Refused {
        TooLong: Refused::TooLong { bytes: 10_000_000, limit: 1 << 20 };
        OfModule: Refused::OfModule(TooLong { module: "m".to_owned(), bytes: 3 << 20, limit: 2 << 20 });
        TooMany: Refused::TooMany(many);
    });
}

#[tokio::test]
async fn a_message_too_many_is_refused_and_room_comes_back() {
    let usage = usage(10);
    let (half, whole) = (message(6, 1), message(6, 6));
    let mut first = receiving(&usage, &[&half], false);
    first.frame().await.unwrap().unwrap();
    let refused = receiving(&usage, &[&whole], true).collect().await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    drop(first);
    receiving(&usage, &[&whole], true).collect().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_first_message_that_stops_ends_the_call_and_a_later_one_does_not() {
    for parts in [vec![], vec![message(6, 1)]] {
        let usage = usage(10);
        let parts: Vec<_> = parts.iter().map(Vec::as_slice).collect();
        let stopped = receiving(&usage, &parts, false).collect().await.unwrap_err();
        assert_eq!(stopped.code(), Code::DeadlineExceeded);
    }
    let usage = usage(10);
    let body = receiving(&usage, &[&message(3, 3), &message(6, 1)], false);
    let day = Duration::from_secs(86400);
    assert!(tokio::time::timeout(day, body.collect()).await.is_err());
}

fn request(message: execute_request::Message) -> Vec<u8> {
    let request = ExecuteRequest { message: Some(message) }.encode_to_vec();
    [&[0], &u32::try_from(request.len()).unwrap().to_be_bytes()[..], &request].concat()
}

fn words(bytes: usize) -> Vec<u8> {
    let words = Words { words: vec!["w".repeat(bytes)] };
    let command = Some(execute_command::Command::Words(words));
    request(execute_request::Message::Command(ExecuteCommand { command, ..Default::default() }))
}

#[tokio::test]
async fn messages_after_a_large_one_do_not_use_its_memory() {
    let input = request(execute_request::Message::Input(vec![7; 1000].into()));
    for before in [0, 100, 200 << 10, 3 << 20] {
        for large in [2 << 20, 5 << 20] {
            // As in a connection, a part shares its memory with others.
            let all = Bytes::from([words(before), words(large), input.repeat(100)].concat());
            for size in [1000, 16 << 10] {
                let parts = all.chunks(size).map(|part| all.slice_ref(part)).collect();
                let body = Body::new(Parts { parts, ends: true });
                let longest = Longest::Call(MAX_MESSAGE_BYTES);
                let body = Receiving::new(body, usage(9 << 20), longest, Duration::from_secs(10));
                let decoder = Protobuf::<ExecuteRequest, ExecuteRequest>::default().decoder();
                let limit = Some(MAX_MESSAGE_BYTES);
                let mut received = Streaming::new_request(decoder, body, None, limit);
                let mut last = None;
                while let Some(request) = received.message().await.unwrap() {
                    last = request.message;
                }
                drop(received);
                let Some(execute_request::Message::Input(input)) = last else { panic!("{last:?}") };
                let memory = input.try_into_mut().unwrap().capacity();
                assert!(memory < 1 << 20, "{memory} after {before}, {large} in parts of {size}");
            }
        }
    }
}
