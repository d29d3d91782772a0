use mgrd_snapshots::assert_errors;

use super::*;

fn callers() -> Arc<Callers> {
    Callers::new(ConnectionLimits {
        connections: 4,
        process_connections: 3,
        module_connections: 3,
        unproven_connections: 2,
        refusals_per_second: 5,
        ..ConnectionLimits::default()
    })
}

fn peer(pid: i32) -> Peer {
    Peer { pid, uid: 1 }
}

fn admit(callers: &Arc<Callers>, owner: &Owner) -> Result<Arc<Connection>, TooMany> {
    callers.admit(peer(1), owner.clone())
}

#[test]
fn connections_are_limited_for_each_process_and_for_all_together() {
    let callers = callers();
    let (one, two) = (Owner::Client(peer(1)), Owner::Client(peer(2)));
    let open: Vec<_> = (0..3).map(|_| admit(&callers, &one).unwrap()).collect();
    let refused = admit(&callers, &one).unwrap_err();
    assert_eq!(refused, TooMany::Own(3, "process_connections"));
    let other = admit(&callers, &two).unwrap();
    assert_eq!(admit(&callers, &two).unwrap_err(), TooMany::Clients(4));
    // Modules have their own room.
    admit(&callers, &Owner::Module("m".into())).unwrap();
    drop(open);
    admit(&callers, &one).unwrap();
    drop(other);
    assert_eq!(callers.accounts.lock().clients, 0);
}

#[test]
fn a_module_has_few_connections_before_it_shows_its_secret() {
    let callers = callers();
    let module = Owner::Module("m".into());
    let first = admit(&callers, &module).unwrap();
    let second = admit(&callers, &module).unwrap();
    let refused = admit(&callers, &module).unwrap_err();
    assert_eq!(refused, TooMany::Own(2, "unproven_connections"));
    first.accept();
    first.accept();
    let third = admit(&callers, &module).unwrap();
    second.accept();
    let refused = admit(&callers, &module).unwrap_err();
    assert_eq!(refused, TooMany::Own(3, "module_connections"));
    drop((first, second, third));
    let accounts = callers.accounts.lock();
    let entry = &accounts.by_owner[&module];
    assert_eq!((entry.open, entry.unproven), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_nothing_but_refusals_is_cut_off() {
    let callers = callers();
    let client = Owner::Client(peer(1));
    let (good, bad) = (admit(&callers, &client).unwrap(), admit(&callers, &client).unwrap());
    good.accept();
    for _ in 0..5 {
        bad.refuse();
        assert!(!bad.is_closed());
    }
    bad.refuse();
    good.refuse();
    assert!(bad.is_closed() && !good.is_closed());
    assert_eq!(admit(&callers, &client).unwrap_err(), TooMany::Refusals);
    // Another one does not notice.
    admit(&callers, &Owner::Client(peer(2))).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    admit(&callers, &client).unwrap();
}

#[tokio::test(start_paused = true)]
async fn connections_that_lead_to_nothing_count_as_refusals() {
    let callers = callers();
    let client = Owner::Client(peer(1));
    for _ in 0..5 {
        drop(admit(&callers, &client).unwrap());
    }
    assert_eq!(admit(&callers, &client).unwrap_err(), TooMany::Refusals);
}

#[test]
fn former_callers_are_forgotten() {
    let callers = callers();
    for pid in 0..1000 {
        drop(callers.admit(peer(pid), Owner::Client(peer(pid))).unwrap());
    }
    assert!(callers.accounts.lock().by_owner.len() <= FEW_ACCOUNTS);
}

#[test]
fn texts() {
    assert_errors!(TooMany {
        Own: TooMany::Own(16, "module_connections");
        Clients: TooMany::Clients(1024);
        Refusals: TooMany::Refusals;
    });
}
