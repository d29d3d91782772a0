use mgrd_snapshots::assert_errors;

use super::*;
use crate::options::{OptionSchema, OptionType};

#[test]
fn texts() {
    let name = || "mgr/hello/place".to_owned();
    let (what, bytes, limit, setting) = ("value", 70_000, 65_536, "value_bytes");
    let schema = OptionSchema::new("place", OptionType::Int, "1", "");
    assert_errors!(OptionError {
        UnknownTarget: OptionError::UnknownTarget("mgrs".into());
        UnknownEntity: OptionError::UnknownEntity("mgrs".into());
        UnknownOption: OptionError::UnknownOption(name());
        UnknownKey: OptionError::UnknownKey(name());
        Value: OptionError::Value(schema.normalise("").unwrap_err());
        TooLong: OptionError::TooLong { what, name: name(), bytes, limit, setting };
        UnknownVersion: OptionError::UnknownVersion { version: 9, last: 7 };
        Commit: OptionError::Commit(CommitError::Closed);
    });
}
