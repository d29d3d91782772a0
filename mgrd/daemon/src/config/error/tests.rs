use mgrd_snapshots::assert_errors;

use super::*;
use crate::config::file::ConfigFile;

#[test]
fn texts() {
    let path = || PathBuf::from("/etc/mgrd.toml");
    let parse = |text: &str| ConfigError::Parse {
        path: path(),
        source: Box::new(ConfigFile::parse(text).unwrap_err()),
    };
    let level = tracing_subscriber::EnvFilter::try_new("inof=inof").unwrap_err();
    let id = "'a b' is not a name for a manager; use letters, digits, '-', '_', '.'".to_owned();
    assert_errors!(ConfigError {
        Read: ConfigError::Read { path: path(), source: std::io::Error::from_raw_os_error(2) };
        Parse:
            parse("id = 'x'\nscket = '/tmp/s'\n"),
            parse("log_format = 'xml'"),
            parse("[limits.module]\nping_interval = 0\n"),
            parse("[limits.client]\ninput_bytes = 67108865\n");
        LogLevel: ConfigError::LogLevel(level);
        LogFile: ConfigError::LogFile {
            path: PathBuf::from("/var/log/mgrd.log"),
            source: std::io::Error::from_raw_os_error(13),
        };
        LogThread: ConfigError::LogThread(std::io::Error::from_raw_os_error(11));
        Value: ConfigError::Value { place: "id", why: id };
    });
}
