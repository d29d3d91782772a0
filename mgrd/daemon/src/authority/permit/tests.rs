use std::collections::BTreeMap;

use mgrd_command::Perm;
use mgrd_snapshots::assert_errors;

use super::*;
use crate::authority::RunIdentity;

/// The actions that are not calls, each with a name.
fn others() -> Vec<(&'static str, Action<'static>)> {
    static ARGUMENTS: BTreeMap<String, String> = BTreeMap::new();
    let perm = |write| Some(Perm { read: true, write, execute: false });
    let command = |perm| Action::Command { prefix: "go", text: "go", perm };
    let limit = Action::Command { prefix: "mgr module limit", text: "", perm: perm(false) };
    let option = |module| Action::SetOption { module, option: "o" };
    vec![
        ("limits", limit),
        ("reading command", command(perm(false))),
        ("writing command", command(perm(true))),
        ("cluster's command", command(None)),
        ("own option", option("m")),
        ("other module's option", option("n")),
        ("arguments", Action::UseArguments { module: "m", arguments: &ARGUMENTS }),
    ]
}

const COMMANDS: [&str; 4] =
    ["reading command", "writing command", "cluster's command", "arguments"];
const OPTIONS: [&str; 2] = ["own option", "other module's option"];

/// A caller with its name, the calls that it may make, and what else it may do.
type Row = (&'static str, Identity, Vec<Call>, Vec<&'static str>);

/// What each kind of caller may do; each knows the reason for the rest.
fn callers() -> Vec<Row> {
    use Call::*;
    let own = Uid::effective().as_raw();
    let clients = vec![
        Inspect,
        Execute,
        ReadCommands,
        WatchLog,
        ListModules,
        DebugModule,
        BackUpStorage,
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
        InvokeMethod,
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
    let running = |role| module(Purpose::Run, role);
    let describing = |role| module(Purpose::Describe, role);
    let all = [&COMMANDS[..], &OPTIONS].concat();
    vec![
        ("the owner", user(own), clients.clone(), [&COMMANDS[..], &["limits"]].concat()),
        ("root", user(0), clients, [&COMMANDS[..], &["limits"]].concat()),
        ("another user", user(own + 1), vec![], vec![]),
        ("a module's process without a secret", unknown(Unproven::NoSecret), vec![], vec![]),
        ("a wrong secret", unknown(bad), vec![], vec![]),
        ("a module", running(Role::Active), modules, all),
        ("a standby half", running(Role::Standby), vec![Inspect, Attach, ReadOptions], vec![]),
        ("one to describe", describing(Role::Active), vec![Inspect, Attach], vec![]),
        ("the same on a standby", describing(Role::Standby), vec![Inspect, Attach], vec![]),
    ]
}

#[test]
fn each_caller_may_do_this_and_nothing_else() {
    for (name, identity, calls, rest) in callers() {
        for &call in Call::ALL {
            let decision = permit(&identity, Action::Call(call));
            assert_eq!(decision.is_ok(), calls.contains(&call), "{name}: {call:?}");
        }
        for (action, other) in others() {
            let decision = permit(&identity, other);
            assert_eq!(decision.is_ok(), rest.contains(&action), "{name}: {action}");
        }
    }
}

#[test]
fn a_command_that_may_change_something_counts_as_a_write() {
    let writes = others().into_iter().filter(|(_, action)| action.is_write());
    let writes: Vec<_> = writes.map(|(name, _)| name).collect();
    assert_eq!(writes, ["writing command", "cluster's command", OPTIONS[0], OPTIONS[1]]);
}

#[test]
fn who_is_denied_learns_why() {
    let reasons = [
        ("another user", Call::Execute, "only the user that runs mgrd"),
        ("another user", Call::Inspect, "only the user that runs mgrd"),
        ("the owner", Call::Attach, "no metadata 'mgrd-secret'"),
        ("a module's process without a secret", Call::WriteStore, "no metadata 'mgrd-secret'"),
        ("a module's process without a secret", Call::Execute, "module processes may not"),
        ("a wrong secret", Call::Execute, "the secret does not belong to a module"),
        ("a wrong secret", Call::Attach, "the secret does not belong to a module"),
        ("a module", Call::Execute, "module processes may not"),
        ("a standby half", Call::WriteStore, "this manager is a standby: here module 'm'"),
        ("one to describe", Call::ReadOptions, "'m' was started only to say"),
    ];
    for (name, call, part) in reasons {
        let all = callers();
        let (_, identity, ..) = all.iter().find(|(other, ..)| *other == name).unwrap();
        let why = permit(identity, Action::Call(call)).unwrap_err().to_string();
        assert!(why.contains(part), "{name}: {call:?}: {why}");
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
        OnlyOperators: Denied::OnlyOperators { module: module() };
        OnStandby: Denied::OnStandby { module: module() };
    });
}
