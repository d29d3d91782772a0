use mgrd_snapshots::assert_errors;

use super::*;
use crate::module::process::SpawnError;

#[test]
fn texts() {
    let last_words = || vec!["Traceback:".to_owned(), "ImportError: no numpy".to_owned()];
    let limit = Duration::from_secs(30);
    let gone = ManifestError::FolderGone("/srv/modules/hello".into());
    let source = std::io::Error::from_raw_os_error(2);
    assert_errors!(DescribeError {
        Manifest: DescribeError::Manifest(Arc::new(gone));
        Launch: DescribeError::Launch(LaunchError::Spawn(SpawnError::System { program: "./hello".into(), source }));
        ShuttingDown: DescribeError::ShuttingDown { last_words: Vec::new() };
        TimedOut: DescribeError::TimedOut { limit, last_words: Vec::new() };
        Ended:
            DescribeError::Ended { exit: Exit::Status(1), last_words: last_words() },
            DescribeError::Ended { exit: Exit::Signal(9), last_words: Vec::new() };
    });
}
