//! Which run a secret belongs to.

use std::sync::Arc;

use nix::unistd::getuid;

use super::*;
use crate::authority::Purpose;
use crate::module::process::tree::{Stat, Tree};

fn run(id: u64) -> RunIdentity {
    RunIdentity { module: "m".into(), purpose: Purpose::Run, id }
}

/// A process of the tree of `leader`.
fn of_tree(leader: ProcessId) -> PeerProcess {
    let origin = Origin::Tree(Arc::new(Tree { leader, module: "m".into() }));
    PeerProcess { pid: 9, chain: Vec::new(), origin }
}

#[test]
fn a_secret_is_good_for_the_tree_of_its_own_run_until_that_ends() {
    let runs = LiveRuns::default();
    let me = std::process::id().cast_signed();
    let leader = Stat::read(me).unwrap().id;
    let other = ProcessId { pid: me + 1, ..leader };
    let uid = getuid().as_raw();
    let first = runs.admit(run(runs.next_id()), Holder::Tree(leader, uid)).unwrap();
    let second = runs.admit(run(runs.next_id()), Holder::Tree(other, uid)).unwrap();
    assert_eq!(runs.authenticate(&second, &of_tree(other), uid), Ok(run(2)));
    let elsewhere = [
        of_tree(other),
        PeerProcess::of(me),
        PeerProcess { origin: Origin::Unnamed, ..of_tree(leader) },
    ];
    for peer in elsewhere {
        let refused = Err(SecretError::WrongProcess { pid: peer.pid });
        assert_eq!(runs.authenticate(&first, &peer, uid), refused, "{peer:?}");
    }
    let refused = Err(SecretError::WrongUser { uid: uid + 1 });
    assert_eq!(runs.authenticate(&first, &of_tree(leader), uid + 1), refused);
    runs.end(1);
    assert_eq!(runs.authenticate(&first, &of_tree(leader), uid), Err(SecretError::Unknown));
}

#[test]
fn the_secret_of_a_module_started_by_hand_is_good_for_the_first_process_and_its_children() {
    let runs = LiveRuns::default();
    let uid = getuid().as_raw();
    let me = std::process::id().cast_signed();
    let id = |pid| ProcessId { pid, ..Stat::read(me).unwrap().id };
    let outside = |chain: &[i32]| PeerProcess {
        pid: chain[0],
        chain: chain.iter().map(|pid| id(*pid)).collect(),
        origin: Origin::Outside,
    };
    let secret = runs.admit(run(1), Holder::ByHand(None, uid)).unwrap();
    // A module that has read the file gets nothing, and takes nothing away.
    assert!(runs.authenticate(&secret, &of_tree(id(5)), uid).is_err());
    for (chain, is_admitted) in
        [(&[7, 1][..], true), (&[8, 1], false), (&[9, 7, 1], true), (&[1], false), (&[7, 1], true)]
    {
        let admitted = runs.authenticate(&secret, &outside(chain), uid).is_ok();
        assert_eq!(admitted, is_admitted, "{chain:?}");
    }
}
