use super::*;

fn remaining(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    let kept = lines.iter().zip(shown(&lines)).filter(|(_, shown)| *shown);
    kept.map(|(line, _)| format!("{line}\n")).collect()
}

fn found(text: &str) -> Option<Traceback> {
    find(&text.lines().collect::<Vec<_>>())
}

const PYTHON: &str = r#"before
Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/mgrd/runner/_main.py", line 10, in main
    run()
    ~~~^^
  File "/srv/modules/hello/module.py", line 3, in serve
    self.work()
  File "/srv/modules/hello/site.py", line 9, in work
    raise ValueError("no: reason")
ValueError: no: reason
after
"#;

#[test]
fn frames_of_the_python_sdk_are_left_out() {
    let text = remaining(PYTHON);
    assert!(!text.contains("runner"), "{text}");
    assert!(!text.contains("run()") && !text.contains("~~~"), "{text}");
    for part in ["before", "Traceback", "module.py", "site.py", "ValueError", "after"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_module_with_the_name_of_a_part_of_the_sdk_keeps_its_frames() {
    for path in ["/srv/mgr_module/module.py", "/srv/mgrd/runner/module.py", "/site-packages/x.py"] {
        let text = format!(
            "  File \"/x/site-packages/mgr_module/api.py\", line 1, in f\n  File \"{path}\", line 1, in g\n"
        );
        assert_eq!(remaining(&text), format!("  File \"{path}\", line 1, in g\n"));
    }
}

#[test]
fn a_traceback_of_the_sdk_alone_stays() {
    let text = "  File \"/x/dist-packages/mgrd/session/a.py\", line 1, in f\n    f()\n";
    assert_eq!(remaining(text), text);
}

#[test]
fn the_traceback_of_an_exception_is_found() {
    let found = found(&remaining(PYTHON)).unwrap();
    assert_eq!(found.exception, "ValueError");
    assert_eq!(found.error, "ValueError: no: reason");
    assert_eq!(found.frames.len(), 2);
    assert_eq!(
        found.frames[0],
        "  File \"/srv/modules/hello/module.py\", line 3, in serve\n    self.work()"
    );
}

#[test]
fn the_last_of_several_tracebacks_counts() {
    let other = PYTHON.replace("ValueError", "KeyError");
    assert_eq!(found(&format!("{PYTHON}\n{other}")).unwrap().exception, "KeyError");
}

#[test]
fn the_thread_that_failed_counts() {
    let text = r#"Fatal Python error: Segmentation fault

Current thread 0x00007f0000000001 (most recent call first):
  File "/usr/lib/python3.11/ctypes/__init__.py", line 517 in string_at
  File "/srv/modules/hello/module.py", line 7 in crash

Thread 0x00007f0000000002 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 320 in wait
"#;
    let found = found(text).unwrap();
    assert_eq!(found.error, "Fatal Python error: Segmentation fault");
    assert_eq!(found.frames.len(), 2);
    assert!(found.frames[1].ends_with("in crash"), "{found:?}");
    assert_eq!(found.exception, "");
}

#[test]
fn a_panic_is_found_with_and_without_frames() {
    let text = "thread 'main' panicked at src/main.rs:4:5:\nno reason\n";
    let note = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
    let short = found(&format!("before\n{text}{note}")).unwrap();
    assert_eq!(short.error, "thread 'main' panicked at src/main.rs:4:5: no reason");
    assert!(short.frames.is_empty());
    let frames = "stack backtrace:\n   0: rust_begin_unwind\n             at /rustc/x/panicking.rs:697:5\n   \
                  1: 0x55 - hello::work\n             at ./src/main.rs:4:5\n   2: mgrd_sdk::run::{{closure}}\n";
    let long = found(&remaining(&format!("{text}{frames}{note}"))).unwrap();
    assert_eq!(long.error, short.error);
    assert_eq!(
        long.frames,
        ["   1: 0x55 - hello::work\n             at ./src/main.rs:4:5".to_owned()]
    );
}

#[test]
fn lines_that_only_look_like_frames_stay() {
    for text in ["", "\n\n", "File \"x\n", "  File\n  File \"\n", "3: done\n4: done\n", "  1: a\n"]
    {
        assert_eq!(remaining(text), text);
        assert_eq!(found(text), None, "{text}");
    }
}
