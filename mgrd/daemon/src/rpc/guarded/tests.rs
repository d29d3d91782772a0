use futures_util::FutureExt;
use mgrd_transport::Peer;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;
use crate::module::PeerProcess;
use crate::rpc::ConnectionLimits;
use crate::rpc::connections::Connections;
use crate::rpc::peer_usage::Caller;

fn guarded(limits: ConnectionLimits) -> (DuplexStream, Guarded<DuplexStream>, Arc<Connection>) {
    let peer = Peer::Process { pid: 1, uid: 1 };
    let caller = Caller::Client(peer.clone());
    let connection =
        Connections::new(limits, Arc::default()).admit(peer, caller, PeerProcess::of(0)).unwrap();
    let (theirs, ours) = duplex(1 << 20);
    (theirs, Guarded::new(ours, connection.clone()), connection)
}

#[tokio::test]
async fn what_is_read_in_one_turn_is_bounded() {
    for (accepted, most) in [(false, FIRST_BYTES), (true, PORTION_BYTES)] {
        let (mut theirs, mut ours, connection) = guarded(ConnectionLimits::default());
        if accepted {
            connection.accept();
        }
        theirs.write_all(&[7; 100_000]).await.unwrap();
        let (mut all, mut turns) = (0, 0);
        while all < 100_000 {
            let mut turn = 0;
            while let Some(read) = ours.read(&mut [0; 512]).now_or_never() {
                turn += read.unwrap();
            }
            assert!(turn <= most, "{turn} bytes");
            (all, turns) = (all + turn, turns + 1);
            // The runtime bounds what a task does, too.
            tokio::task::yield_now().await;
        }
        assert!(turns >= 100_000 / most, "{turns} turns");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_call_is_closed_and_one_with_a_call_is_not() {
    let (_theirs, mut ours, _) = guarded(ConnectionLimits::default());
    assert_eq!(ours.read(&mut [0; 9]).await.unwrap(), 0);
    let (_theirs, mut ours, connection) = guarded(ConnectionLimits::default());
    connection.accept();
    let day = std::time::Duration::from_secs(86400);
    assert!(tokio::time::timeout(day, ours.read(&mut [0; 9])).await.is_err());
}

#[tokio::test]
async fn nothing_is_read_from_a_caller_that_was_cut_off() {
    let limits = ConnectionLimits { refusals_per_second: 1, ..ConnectionLimits::default() };
    let (mut theirs, mut ours, connection) = guarded(limits);
    theirs.write_all(b"more").await.unwrap();
    connection.refuse();
    connection.refuse();
    assert_eq!(ours.read(&mut [0; 9]).await.unwrap(), 0);
}

#[test]
fn a_portion_is_as_large_as_the_work_on_it_is_short() {
    let (short, good, long) = (TURN / 8, TURN / 2, TURN * 2);
    for (bytes, took, next) in [
        (4096, short, 4096),
        (4096, good, 4096),
        (4096, long, 2048),
        (1024, short, 2048),
        (512, good, 512),
        (256, long, 256),
    ] {
        let work = Work { start: Instant::now(), bytes, is_crowded: true };
        assert_eq!(next_portion(bytes, work, took), next, "{bytes} bytes in {took:?}");
    }
}

#[test]
fn the_work_on_a_part_of_a_portion_counts_by_its_bytes() {
    let work = |bytes| Work { start: Instant::now(), bytes, is_crowded: true };
    assert_eq!(next_portion(4096, work(64), TURN / 8), 2048);
    assert_eq!(next_portion(4096, work(0), TURN * 2), 4096);
}

#[test]
fn what_was_read_while_no_others_were_active_does_not_make_the_portion_smaller() {
    let work = Work { start: Instant::now(), bytes: PORTION_BYTES, is_crowded: false };
    assert_eq!(next_portion(4096, work, TURN * 4), 4096);
}
