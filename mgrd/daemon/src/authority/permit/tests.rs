use mgrd_snapshots::assert_errors;

use super::*;
use crate::authority::RunIdentity;

/// What each kind of caller may do; each knows the reason for the rest.
fn callers() -> Vec<(&'static str, Identity, Vec<Action>)> {
    use Action::*;
    let own = Uid::effective().as_raw();
    let clients = vec![
        Inspect,
        Execute,
        ReadCommands,
        WatchLog,
        ListModules,
        DebugModule,
        Feed,
        FollowActive,
    ];
    let modules = vec![
        Inspect,
        Attach,
        ReadOptions,
        ReadCluster,
        SetOption,
        WriteStore,
        Publish,
        CallModule,
        SendCommand,
        AskAuthorization,
    ];
    let user = |uid| Identity::LocalUser { uid, pid: 7 };
    let unknown = |why| Identity::Unknown { uid: own, pid: 7, why };
    let module = |purpose, role| Identity::Module {
        run: RunIdentity { module: "m".into(), purpose, id: 1 },
        role,
    };
    let bad = Unproven::BadSecret(SecretError::Unknown);
    vec![
        ("the owner", user(own), clients.clone()),
        ("root", user(0), clients),
        ("another user", user(own + 1), vec![]),
        ("a module's process without a secret", unknown(Unproven::NoSecret), vec![]),
        ("a wrong secret", unknown(bad), vec![]),
        ("a module", module(Purpose::Run, Role::Active), modules),
        ("a standby half", module(Purpose::Run, Role::Standby), vec![Inspect, Attach, ReadOptions]),
        ("one to describe", module(Purpose::Describe, Role::Active), vec![Inspect, Attach]),
        ("the same on a standby", module(Purpose::Describe, Role::Standby), vec![Inspect, Attach]),
    ]
}

#[test]
fn each_caller_may_do_this_and_nothing_else() {
    for (name, identity, permitted) in callers() {
        for &action in Action::ALL {
            let decision = permit(&identity, action);
            assert_eq!(decision.is_ok(), permitted.contains(&action), "{name}: {action:?}");
        }
    }
}

#[test]
fn who_is_denied_learns_why() {
    let reasons = [
        ("another user", Action::Execute, "only the user that runs mgrd"),
        ("another user", Action::Inspect, "only the user that runs mgrd"),
        ("the owner", Action::Attach, "no metadata 'mgrd-secret'"),
        ("a module's process without a secret", Action::WriteStore, "no metadata 'mgrd-secret'"),
        ("a module's process without a secret", Action::Execute, "module processes may not"),
        ("a wrong secret", Action::Execute, "the secret does not belong to a module"),
        ("a wrong secret", Action::Attach, "the secret does not belong to a module"),
        ("a module", Action::Execute, "module processes may not"),
        ("a standby half", Action::WriteStore, "this manager is a standby: here module 'm'"),
        ("one to describe", Action::ReadOptions, "'m' was started only to say"),
    ];
    for (name, action, part) in reasons {
        let all = callers();
        let (_, identity, _) = all.iter().find(|(other, ..)| *other == name).unwrap();
        let why = permit(identity, action).unwrap_err().to_string();
        assert!(why.contains(part), "{name}: {action:?}: {why}");
    }
}

#[test]
fn texts() {
    let module = || "hello".to_owned();
    assert_errors!(Denied {
        NoSecret: Denied::NoSecret;
        BadSecret: Denied::BadSecret(SecretError::Unknown);
        OtherUser: Denied::OtherUser;
        ModuleProcess: Denied::ModuleProcess;
        OnlyDescribes: Denied::OnlyDescribes { module: module() };
        OnStandby: Denied::OnStandby { module: module() };
    });
}
