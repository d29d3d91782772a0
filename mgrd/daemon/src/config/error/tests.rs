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
    let id = "'a b' is not a name for a manager; use letters, digits, '-', '_', '.'".to_owned();
    assert_errors!(ConfigError {
        Read: ConfigError::Read { path: path(), source: std::io::Error::from_raw_os_error(2) };
        Parse:
            parse("id = 'x'\nscket = '/tmp/s'\n"),
            parse("log_format = 'xml'"),
            parse("log_level = 'info,foo=loud'"),
            parse("metrics = '9284'"),
            parse("replay_speed = 'fast'"),
            parse("replay_loop = 'yes'"),
            parse("id = 5"),
            parse("data_dir = 5"),
            parse("limits = 5"),
            parse("[limits]\nlog_waiting_bytes = -1\n"),
            parse("[limits.module]\nnice = 'low'\n"),
            parse("[limits.module]\nstart_timeout = 'soon'\n"),
            parse("[limits.module]\nbusy_restart = 'soon'\n"),
            parse("[limits.module]\nping_interval = 0\n"),
            parse("[limits.client]\ninput_bytes = 67108865\n");
        LogFile: ConfigError::LogFile {
            path: PathBuf::from("/var/log/mgrd.log"),
            source: std::io::Error::from_raw_os_error(13),
        };
        LogThread: ConfigError::LogThread(std::io::Error::from_raw_os_error(11));
        Value: ConfigError::Value { place: "id".into(), why: id };
    });
}
