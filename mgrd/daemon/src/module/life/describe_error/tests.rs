use mgrd_snapshots::assert_errors;

use super::*;
use crate::module::process::SpawnError;

#[test]
fn texts() {
    let words = |words: &[&str]| words.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
    let last_words = || words(&["Traceback:", "ImportError: no numpy"]);
    let limit = Duration::from_secs(30);
    let gone = ManifestError::FolderGone("/srv/modules/hello".into());
    let source = std::io::Error::from_raw_os_error(2);
    let launch = LaunchError::Spawn(SpawnError::System { program: "./hello".into(), source });
    let no_sdk = || {
        let exec = ["python3", "-m", "mgrd.runner"].map(str::to_owned).to_vec();
        let manifest = crate::module::folder::Manifest { exec, ..Default::default() };
        NoSdk::found(&manifest, &words(&["No module named mgrd"])).unwrap()
    };
    assert_errors!(DescribeError {
        Manifest: DescribeError::Manifest(Arc::new(gone));
        Launch: DescribeError::Launch(launch);
        NoSdk: DescribeError::NoSdk(no_sdk());
        ShuttingDown: DescribeError::ShuttingDown { last_words: Vec::new() };
        TimedOut: DescribeError::TimedOut { limit, last_words: Vec::new() };
        Ended:
            DescribeError::Ended { exit: Exit::Status(1), last_words: last_words() },
            DescribeError::Ended {
                exit: Exit::Status(1),
                last_words: words(&["SyntaxError: invalid syntax", "    ~~^^~~", " ", ""]),
            },
            DescribeError::Ended {
                exit: Exit::Status(101),
                last_words: words(&["panicked at src/main.rs:2:5:", "no disk", "note: run with"]),
            },
            DescribeError::Ended { exit: Exit::Signal(9), last_words: Vec::new() };
    });
}
