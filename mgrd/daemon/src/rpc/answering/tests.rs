use http_body_util::BodyExt;
use mgrd_proto::codec::Protobuf;
use mgrd_proto::v1::{CommandOutcome, ExecuteResponse, execute_response};
use mgrd_transport::Peer;
use tonic::codec::{Codec as _, EncodeBody, SingleMessageCompressionOverride};

use super::*;
use crate::rpc::ConnectionLimits;
use crate::rpc::peer_usage::Caller;
use crate::rpc::shares::Shares;
use crate::rpc::writes::Writes;

fn answering(messages: Vec<ExecuteResponse>) -> Answering {
    let peer = Caller::Client(Peer::Process { pid: 1, uid: 1 });
    let shares = Arc::new(Shares::new(std::time::Instant::now()));
    let writes = Arc::new(Writes::new(std::time::Instant::now()));
    let usage = Arc::new(PeerUsage::new(peer, &ConnectionLimits::default(), shares, writes));
    let encoder = Protobuf::<ExecuteResponse, ExecuteResponse>::default().encoder();
    let messages = tokio_stream::iter(messages.into_iter().map(Ok));
    let plain = SingleMessageCompressionOverride::default();
    let body = EncodeBody::new_server(encoder, messages, None, plain, None);
    Answering::new(Body::new(body), Underway::begin(usage).unwrap())
}

fn outcome(bytes: usize) -> ExecuteResponse {
    let (stdout, stderr) = (vec![7; bytes].into(), "some".to_owned());
    let outcome = CommandOutcome { retval: 0, stdout, stderr };
    ExecuteResponse { message: Some(execute_response::Message::Outcome(outcome)) }
}

#[tokio::test]
async fn messages_after_a_large_one_do_not_use_its_memory() {
    for before in [0, 100, 200 << 10, 3 << 20] {
        for large in [2 << 20, 5 << 20] {
            let after = [1000; 100];
            let messages = [before, large].into_iter().chain(after).map(outcome).collect();
            let mut body = answering(messages);
            let mut last = Bytes::new();
            while let Ok(data) = body.frame().await.unwrap().unwrap().into_data() {
                // What was sent is not in use any more.
                last = if data.len() < large { data } else { Bytes::new() };
            }
            drop(body);
            let memory = last.try_into_mut().unwrap().capacity();
            assert!(memory < 1 << 20, "{memory} after {before}, {large}");
        }
    }
}
