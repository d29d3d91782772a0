use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use mgrd_snapshots::assert_errors;
use proptest::prelude::*;

use super::*;

fn load(content: &[u8]) -> Result<Recording, RecordingError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.jsonl");
    std::fs::write(&path, content).unwrap();
    Recording::load(&path)
}

fn zip(content: &[u8]) -> Vec<u8> {
    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    zip.write_all(content).unwrap();
    zip.finish().unwrap()
}

fn order(recording: &Recording) -> Vec<String> {
    let records = recording.records.iter().map(|record| match &record.content {
        Content::Document { name, .. } => format!("{}:{name}", record.at.as_millis()),
        Content::Notification { kind, .. } => format!("{}!{kind}", record.at.as_millis()),
    });
    records.collect()
}

const GOOD: &str = r#"{"t":0.0,"doc":"a","value":{"n": 1}}
{"t":0.1,"doc":"b","value":null}
{"t":0.2,"doc":"a","value":"text"}
{"t":1.0,"notify":"a","id":""}
"#;

#[test]
fn plain_and_compressed_recordings_are_read_and_values_kept_as_written() {
    for content in [GOOD.as_bytes().to_vec(), zip(GOOD.as_bytes())] {
        let recording = load(&content).unwrap();
        let initial: Vec<_> = recording.initial.iter().map(|(n, v)| (&**n, &v[..])).collect();
        assert_eq!(initial, [("a", &b"{\"n\": 1}"[..]), ("b", b"null")]);
        assert_eq!(order(&recording), ["200:a", "1000!a"]);
    }
}

#[test]
fn a_notification_waits_for_the_documents_that_belong_to_it() {
    let first = r#"{"t":0,"notify":"start","id":""}"#.to_owned();
    let lines =
        [(3.0, "!", "x"), (3.0, "!", "y"), (3.01, ":", "x"), (3.09, ":", "y"), (3.2, ":", "z")];
    let line = |(t, what, name): (f64, &str, &str)| match what {
        "!" => format!(r#"{{"t":{t},"notify":"{name}","id":""}}"#),
        _ => format!(r#"{{"t":{t},"doc":"{name}","value":1}}"#),
    };
    let text = [first].into_iter().chain(lines.map(line)).collect::<Vec<_>>().join("\n");
    let expected = ["0!start", "3010:x", "3090:y", "3090!x", "3090!y", "3200:z"];
    assert_eq!(order(&load(text.as_bytes()).unwrap()), expected);
}

#[test]
fn an_invalid_line_is_named_with_its_reason() {
    let cases = [
        ("{\"t\":0,\"doc\":\"a\",\"value\":", "line 5", "cut off"),
        ("not json\n", "line 5", "not a line of a recording"),
        ("\n", "line 5", "cut off"),
        ("{\"t\":0.5,\"notify\":\"a\",\"id\":\"\"}\n", "line 5", "before that of the line above"),
        ("{\"t\":-1,\"notify\":\"a\",\"id\":\"\"}\n", "line 5", "seconds from 0 on"),
        ("{\"t\":1,\"doc\":\"a\"}\n", "line 5", "either 'doc' and 'value'"),
        ("{\"t\":1,\"doc\":\"a\",\"value\":1,\"notify\":\"a\"}\n", "line 5", "either"),
        ("{\"t\":1,\"dog\":\"a\",\"value\":1}\n", "line 5", "dog"),
        ("{\"t\":\"1\",\"doc\":\"a\",\"value\":1}\n", "line 5", "expected f64"),
    ];
    for (line, number, why) in cases {
        for compressed in [false, true] {
            let content = format!("{GOOD}{line}").into_bytes();
            let content = if compressed { zip(&content) } else { content };
            let error = load(&content).unwrap_err().to_string();
            assert!(error.contains("r.jsonl") && error.contains(number), "{line}: {error}");
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}

#[test]
fn a_truncated_archive_is_refused_wherever_it_ends() {
    let noise = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let lines = (0..200).map(|n| format!("{{\"t\":{n},\"notify\":\"x\",\"id\":{}}}\n", noise(n)));
    let whole = zip(lines.collect::<String>().as_bytes());
    for end in [3, 20, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        let error = load(&whole[..end]).unwrap_err().to_string();
        assert!(error.contains("line ") && error.contains("cut off"), "{end}: {error}");
    }
    assert!(load(&whole).is_ok());
}

#[test]
fn a_file_that_is_not_a_recording_is_refused() {
    assert!(load(b"").unwrap_err().to_string().contains("the file is empty"));
    let missing = Recording::load(Path::new("/nowhere/r.jsonl")).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/r.jsonl"));
}

proptest! {
    /// A recording with any one byte changed is read or refused. It never causes a panic.
    #[test]
    fn damage_is_refused_or_harmless(at in 0..GOOD.len(), byte: u8, compressed: bool) {
        let mut content = GOOD.as_bytes().to_vec();
        if compressed {
            content = zip(&content);
        }
        let at = at % content.len();
        content[at] = byte;
        if let Err(error) = load(&content) {
            prop_assert!(error.to_string().contains("r.jsonl"));
        }
    }
}

#[test]
fn texts() {
    let path = || PathBuf::from("one-host.jsonl.gz");
    let json = || serde_json::from_str::<u64>("x").unwrap_err();
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    assert_errors!(RecordingError {
        File: RecordingError::File { path: path(), source: io::Error::from_raw_os_error(2) };
        Empty: RecordingError::Empty(path());
        Daemon: RecordingError::Daemon {
            path: path(),
            source: "osd".parse::<crate::cluster::DaemonId>().unwrap_err(),
        };
        Line: RecordingError::Line { path: path(), line: 3, source: LineError::Keys };
    });
    assert_errors!(LineError {
        Unreadable: LineError::Unreadable(cut());
        CutOff: LineError::CutOff(json());
        Json: LineError::Json(json());
        State: LineError::State(json());
        Time: LineError::Time(-1.0);
        Order: LineError::Order { time: 1.0, before: 2.0 };
        Keys: LineError::Keys;
    });
}

#[test]
fn fuzz_recording() {
    mgrd_fuzz::fuzz("recording", |input| {
        let input = if input.starts_with(b"gz") { zip(&input[2..]) } else { input.to_vec() };
        if let Ok(recording) = load(&input) {
            let times = recording.records.iter().map(|record| record.at);
            assert!(times.is_sorted());
        }
    });
}
