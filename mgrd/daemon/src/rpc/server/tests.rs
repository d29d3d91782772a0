use std::collections::VecDeque;

use mgrd_snapshots::assert_errors;
use mgrd_transport::Next;

use super::*;
use crate::rpc::ConnectionLimits;

/// A process that no module started; its number is a name only.
fn client(n: i32) -> Peer {
    Peer::Process { pid: -n, uid: nix::unistd::geteuid().as_raw() }
}

/// Connections that have come already.
struct Waiting(VecDeque<Peer>);

impl Accept for Waiting {
    fn next(&mut self) -> Next<'_> {
        let peer = self.0.pop_front();
        Box::pin(async move { peer.map(|peer| Ok(accepted_from(peer))) })
    }
}

/// An acceptor whose processes may have two connections each, and what it admits.
fn acceptor() -> (Acceptor, mpsc::Receiver<Connection>) {
    let limits = ConnectionLimits { process_connections: 2, ..ConnectionLimits::default() };
    let (sender, accepted) = mpsc::channel(ACCEPTED);
    let acceptor = Acceptor {
        address: "/run/mgrd/mgrd.sock".into(),
        connections: Connections::new(limits, Arc::default()),
        sender,
        refused: Arc::new(Semaphore::new(REFUSED)),
        turned_away: HashMap::new(),
    };
    (acceptor, accepted)
}

fn accepted_from(peer: Peer) -> Accepted {
    Accepted { open: Box::new(|| Ok(Box::new(tokio::io::duplex(1).0))), peer }
}

#[tokio::test(start_paused = true)]
async fn a_client_does_not_wait_behind_connections_that_are_turned_away() {
    let (acceptor, mut accepted) = acceptor();
    let start = tokio::time::Instant::now();
    let flood = std::iter::repeat_n(client(1), 10_000);
    let waiting = Waiting(flood.chain([client(2)]).collect());
    let running = tokio::spawn(acceptor.run(Box::new(waiting)));
    let mut admitted = Vec::new();
    while let Some(connection) = accepted.recv().await {
        admitted.push(connection);
    }
    running.await.unwrap();
    assert_eq!(admitted.len(), 3);
    // The clock of the test moves only if a task sleeps.
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_process_is_turned_away_until_it_has_a_free_place() {
    let (mut acceptor, mut accepted) = acceptor();
    for _ in 0..3 {
        acceptor.admit(accepted_from(client(1))).await;
    }
    assert!(acceptor.is_turned_away(&client(1)));
    assert!(!acceptor.is_turned_away(&client(2)));
    drop(accepted.recv().await);
    assert!(!acceptor.is_turned_away(&client(1)));
}

#[test]
fn texts() {
    let bad = tonic::transport::Endpoint::from_shared("a b").unwrap_err();
    assert_errors!(ServeError {
        Transport: ServeError::Transport(bad);
        Accept: ServeError::Accept {
            address: "/run/mgrd/mgrd.sock".into(),
            source: std::io::Error::from_raw_os_error(24),
        };
    });
}
