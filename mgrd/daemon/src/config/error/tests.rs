use mgrd_snapshots::assert_errors;

use super::*;
use crate::config::file::ConfigFile;

#[test]
fn texts() {
    let path = || PathBuf::from("/etc/mgrd.toml");
    let parse = |text: &str| ConfigError::Parse {
        path: path(),
        why: Box::new(ConfigFile::parse(text).unwrap_err()),
    };
    let level = "'inof' is not a level; use error, warn, info, debug or trace".to_owned();
    assert_errors!(ConfigError {
        Read: ConfigError::Read { path: path(), source: std::io::Error::from_raw_os_error(2) };
        Parse:
            parse("id = 'x'\nscket = '/tmp/s'\n"),
            parse("log_format = 'xml'"),
            parse("[limits.module]\nping_interval = 0\n"),
            parse("[limits.client]\ninput_bytes = 67108865\n");
        Value: ConfigError::Value { place: "log_level", why: level };
    });
}
