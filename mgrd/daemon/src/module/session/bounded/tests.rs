use std::time::Duration;

use super::*;

fn limits() -> SessionLimits {
    SessionLimits {
        text_bytes: 8,
        log_record_bytes: 12,
        declaration_bytes: 500,
        ..SessionLimits::default()
    }
}

fn option(name: &str) -> DeclaredOption {
    DeclaredOption { name: name.to_owned(), ..DeclaredOption::default() }
}

#[test]
fn texts_of_a_session_are_cut_and_cleaned() {
    let failed = FromModule::Failed {
        message: "first\nsecond".to_owned(),
        traceback: "Traceback:\n  ValueError: x\n".to_owned(),
    };
    let busy = Duration::from_secs(1);
    let pong = FromModule::Pong { seq: 1, busy, busy_with: "\u{1b}[1ma command".to_owned() };
    let raised = Err(MethodError::Raised("Traceback: ValueError: x".to_owned()));
    let record = LogRecord {
        level: tracing::Level::INFO,
        logger: "a.long.logger".to_owned(),
        message: "one\ntwo\u{7}\nthree\nfour".to_owned(),
        call_id: 7,
    };
    let bounded =
        [failed, pong, FromModule::RemoteResult { id: 1, result: raised }, FromModule::Log(record)];
    let bounded = bounded.map(|message| message.bounded(&limits()));
    let raised = Err(MethodError::Raised("…alueError: x".to_owned()));
    let expected = [
        FromModule::Failed {
            message: "first se…".to_owned(),
            traceback: "…alueError: x".to_owned(),
        },
        FromModule::Pong { seq: 1, busy, busy_with: "a comman…".to_owned() },
        FromModule::RemoteResult { id: 1, result: raised },
        FromModule::Log(LogRecord {
            level: tracing::Level::INFO,
            logger: "a.long.l…".to_owned(),
            message: "one\ntwo\nthre…".to_owned(),
            call_id: 7,
        }),
    ];
    assert_eq!(bounded, expected);
}

#[test]
fn a_declaration_keeps_its_names_and_values_and_its_texts_are_cut() {
    let command = DeclaredCommand {
        cmd: "hello greet\nname=who,type=CephString".to_owned(),
        desc: "say hello\nto a friend".to_owned(),
        perm: "r".to_owned(),
        poll: true,
        declared_at: "a.py:7".to_owned(),
        ..DeclaredCommand::default()
    };
    let declaration = Declaration {
        options: vec![DeclaredOption {
            desc: "how\nto greet".to_owned(),
            default_value: Some("a default that is longer than a text".to_owned()),
            ..option("greeting")
        }],
        commands: vec![command.clone()],
        can_run_error: "no module named 'x'".to_owned(),
        ..Declaration::default()
    };
    let hello = Hello { sdk: "an SDK of some name".to_owned(), declaration, ..Hello::default() };
    let bounded = hello.clone().bounded("m", &limits());
    assert_eq!(bounded.sdk, "an SDK o…");
    let Declaration { options, commands, can_run_error, .. } = bounded.declaration;
    assert_eq!(can_run_error, "no modul…");
    let whole = &hello.declaration.options[0];
    assert_eq!(options, [DeclaredOption { desc: "how to g…".to_owned(), ..whole.clone() }]);
    let cmd = "hello greet name=who,type=CephString".to_owned();
    assert_eq!(commands, [DeclaredCommand { cmd, desc: "say hell…".to_owned(), ..command }]);
}

#[test]
fn of_a_descriptor_that_is_too_long_the_beginning_and_the_length_are_kept() {
    let limits = SessionLimits { descriptor_bytes: 300, ..SessionLimits::default() };
    let bounded =
        |cmd: String| DeclaredCommand { cmd, ..DeclaredCommand::default() }.bounded(&limits);
    let fits = bounded("x".repeat(300));
    assert_eq!((fits.cmd.len(), fits.too_long), (300, None));
    let long = bounded("x".repeat(301));
    assert_eq!(long.cmd, "x".repeat(BEGINNING_BYTES) + "…");
    assert_eq!(long.too_long, Some(301));
    assert_eq!(long.clone().bounded(&limits), long);
}

#[test]
fn a_descriptor_that_is_too_long_takes_no_room_of_the_others() {
    let command = |cmd: &str| DeclaredCommand { cmd: cmd.into(), ..DeclaredCommand::default() };
    let long = command(&"x".repeat(2000));
    let limits = SessionLimits { declaration_bytes: 1000, descriptor_bytes: 500, ..limits() };
    let commands = vec![long.clone(), long, command("go")];
    let kept = Declaration { commands, ..Declaration::default() }.bounded("m", &limits);
    assert_eq!(kept.commands.iter().map(|kept| kept.cmd.len()).collect::<Vec<_>>(), [203, 203, 2]);
}

#[test]
fn what_does_not_fit_into_a_declaration_is_left_out() {
    let declaration = Declaration {
        notify_types: vec!["osd_map".to_owned(); 2],
        commands: vec![DeclaredCommand::default(); 3],
        options: vec![
            option("a"),
            DeclaredOption { default_value: Some("x".repeat(1000)), ..option("large") },
            option("b"),
            option("c"),
        ],
        ..Declaration::default()
    };
    let kept = declaration.bounded("m", &limits());
    assert_eq!((kept.notify_types.len(), kept.commands.len()), (2, 3));
    let names: Vec<_> = kept.options.iter().map(|option| option.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn of_the_features_in_a_hello_the_known_ones_stay() {
    let known = FEATURES.map(str::to_owned);
    let named = (0..1000).map(|n| format!("x{n}")).chain(known.clone()).collect();
    let hello = Hello { features: named, ..Hello::default() };
    assert_eq!(hello.bounded("m", &limits()).features, known.into());
}
