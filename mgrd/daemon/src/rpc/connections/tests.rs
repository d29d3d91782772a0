use mgrd_snapshots::assert_errors;

use super::*;
use crate::module_limits::{Limit, Settings};

fn connections() -> Arc<Connections> {
    connections_with(Arc::default())
}

/// With limits that are set for modules alone.
fn connections_with(own: Arc<ModuleLimits>) -> Arc<Connections> {
    let limits = ConnectionLimits {
        connections: 4,
        process_connections: 3,
        module_connections: 3,
        all_module_connections: 4,
        unproven_connections: 2,
        refusals_per_second: 5,
        ..ConnectionLimits::default()
    };
    Connections::new(limits, own)
}

fn peer(pid: i32) -> Peer {
    Peer::Process { pid, uid: 1 }
}

fn admit(connections: &Arc<Connections>, caller: &Caller) -> Result<Arc<Connection>, TooMany> {
    connections.admit(peer(1), caller.clone(), PeerProcess::of(0))
}

#[test]
fn connections_are_limited_for_each_process_and_for_all_together() {
    let connections = connections();
    let (one, two) = (Caller::Client(peer(1)), Caller::Client(peer(2)));
    let open: Vec<_> = (0..3).map(|_| admit(&connections, &one).unwrap()).collect();
    let refused = admit(&connections, &one).unwrap_err();
    assert_eq!(refused, TooMany::Own(3, OF_PROCESS));
    let other = admit(&connections, &two).unwrap();
    assert_eq!(admit(&connections, &two).unwrap_err(), TooMany::Clients(4));
    // Modules have their own room.
    admit(&connections, &Caller::Module("m".into())).unwrap();
    drop(open);
    admit(&connections, &one).unwrap();
    drop(other);
    assert_eq!(connections.callers.lock().clients, 0);
}

#[test]
fn only_a_new_connection_of_a_client_makes_others_give_way() {
    let connections = connections();
    let busy = admit(&connections, &Caller::Client(peer(1))).unwrap();
    for caller in [Caller::OtherUser(peer(2)), Caller::Unnamed, Caller::Module("m".into())] {
        let _other = admit(&connections, &caller).unwrap();
        assert!(!busy.usage.has_others(), "{caller}");
    }
    let _other = admit(&connections, &Caller::Client(peer(3))).unwrap();
    assert!(busy.usage.has_others());
}

#[test]
fn a_module_has_few_connections_before_it_shows_its_secret() {
    let connections = connections();
    let module = Caller::Module("m".into());
    let first = admit(&connections, &module).unwrap();
    let second = admit(&connections, &module).unwrap();
    let refused = admit(&connections, &module).unwrap_err();
    assert_eq!(refused, TooMany::Own(2, UNPROVEN));
    first.accept();
    first.accept();
    let third = admit(&connections, &module).unwrap();
    second.accept();
    let refused = admit(&connections, &module).unwrap_err();
    assert_eq!(refused, TooMany::Own(3, OF_EACH_MODULE));
    drop((first, second, third));
    let callers = connections.callers.lock();
    let entry = &callers.by_caller[&module];
    assert_eq!((entry.open, entry.unproven), (0, 0));
}

#[test]
fn connections_of_all_modules_are_limited() {
    let connections = connections();
    let modules = ["a", "b", "c"].map(|name| Caller::Module(name.into()));
    let open: Vec<_> = modules[..2]
        .iter()
        .flat_map(|module| [admit(&connections, module), admit(&connections, module)])
        .map(Result::unwrap)
        .collect();
    assert_eq!(admit(&connections, &modules[2]).unwrap_err(), TooMany::Modules(4));
    // Clients have their own room.
    admit(&connections, &Caller::Client(peer(1))).unwrap();
    drop(open);
    admit(&connections, &modules[2]).unwrap();
    assert_eq!(connections.callers.lock().modules, 0);
}

#[test]
fn a_limit_of_one_module_holds_for_its_next_connection_and_for_no_other_module() {
    let own = Arc::new(ModuleLimits::default());
    let connections = connections_with(Arc::clone(&own));
    let set = |value| {
        let settings = Settings::default().with(Limit::Connections, Some(value));
        own.of("own").set_operator(settings);
    };
    let open = |module: &str| {
        let caller = Caller::Module(module.to_owned());
        let connection = admit(&connections, &caller)?;
        connection.accept();
        Ok::<_, TooMany>(connection)
    };
    // More than that of all modules, less, and more than all modules together may have.
    for (value, most, refusal) in [
        (1, 1, TooMany::Own(1, OF_THIS_MODULE)),
        (2, 2, TooMany::Own(2, OF_THIS_MODULE)),
        (4, 4, TooMany::Own(4, OF_THIS_MODULE)),
        (100, 4, TooMany::Modules(4)),
    ] {
        set(value);
        let admitted: Vec<_> = (0..most).map(|_| open("own").unwrap()).collect();
        assert_eq!(open("own").unwrap_err(), refusal, "{value}");
        drop(admitted);
    }
    set(2);
    let before = [open("own").unwrap(), open("own").unwrap()];
    set(1);
    // Those that are open stay.
    assert_eq!(open("own").unwrap_err(), TooMany::Own(2, OF_THIS_MODULE));
    assert!(connections.is_full_for(&Caller::Module("own".into())));
    drop(before);
    let other: Vec<_> = (0..3).map(|_| open("other").unwrap()).collect();
    assert_eq!(open("other").unwrap_err(), TooMany::Own(3, OF_EACH_MODULE));
    drop(other);
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_nothing_but_refusals_is_cut_off() {
    let connections = connections();
    let client = Caller::Client(peer(1));
    let (good, bad) =
        (admit(&connections, &client).unwrap(), admit(&connections, &client).unwrap());
    good.accept();
    for _ in 0..5 {
        bad.refuse();
        assert!(!bad.is_closed());
    }
    bad.refuse();
    good.refuse();
    assert!(bad.is_closed() && !good.is_closed());
    assert_eq!(admit(&connections, &client).unwrap_err(), TooMany::Refusals);
    // Another one does not notice.
    admit(&connections, &Caller::Client(peer(2))).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    admit(&connections, &client).unwrap();
}

#[tokio::test(start_paused = true)]
async fn connections_that_lead_to_nothing_count_as_refusals() {
    let connections = connections();
    let client = Caller::Client(peer(1));
    for _ in 0..5 {
        drop(admit(&connections, &client).unwrap());
    }
    assert_eq!(admit(&connections, &client).unwrap_err(), TooMany::Refusals);
}

#[test]
fn former_callers_are_forgotten() {
    let connections = connections();
    for pid in 0..1000 {
        drop(connections.admit(peer(pid), Caller::Client(peer(pid)), PeerProcess::of(0)).unwrap());
    }
    assert!(connections.callers.lock().by_caller.len() <= FEW_CALLERS);
}

#[test]
fn texts() {
    assert_errors!(TooMany {
        Own: TooMany::Own(16, OF_EACH_MODULE);
        Clients: TooMany::Clients(1024);
        Modules: TooMany::Modules(4096);
        Refusals: TooMany::Refusals;
    });
}
