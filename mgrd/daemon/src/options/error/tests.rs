use mgrd_snapshots::assert_errors;

use super::*;
use crate::authority::Writer;
use crate::options::{OptionSchema, OptionType};

#[test]
fn texts() {
    let name = || "mgr/hello/place".to_owned();
    let (what, bytes, limit, setting) = ("value", 70_000, 65_536, "value_bytes");
    let number = OptionSchema::new("place", OptionType::Int, "1", "");
    let enum_allowed = ["quiet", ""].map(str::to_owned).to_vec();
    let mode = OptionSchema { enum_allowed, ..OptionSchema::default() };
    let refused = |schema: &OptionSchema, value: &str| {
        let why = schema.normalise(value).unwrap_err();
        OptionError::refused_value("mgr/hello/place", schema, value, why)
    };
    let full = |whose: &str, setting| {
        let (name, whose) = (name(), whose.to_owned());
        let limit = Writer::module("hello").room(limit);
        OptionError::Full { name, whose, bytes, limit, setting }
    };
    let OptionError::Value(value) = refused(&number, "1\u{1b}[2J0") else { unreachable!() };
    assert_errors!(RefusedValue of [*value]);
    assert_errors!(OptionError {
        UnknownTarget: OptionError::UnknownTarget("mgrs".into());
        UnknownEntity: OptionError::UnknownEntity("mgrs".into());
        UnknownOption: OptionError::UnknownOption(name());
        UnknownKey: OptionError::UnknownKey(name());
        Value: refused(&number, ""), refused(&number, "many"), refused(&mode, "loud");
        TooLong: OptionError::TooLong { what, name: name(), bytes, limit, setting };
        TooMany: OptionError::TooMany { count: 5000, limit: 4096 };
        Full: full("the options of module 'hello' in section 'mgr'", "limits.options.module_bytes"),
            full("all options", "limits.options.bytes");
        UnknownVersion: OptionError::UnknownVersion { version: 9, last: 7 };
        Commit: OptionError::Commit(CommitError::Closed);
    });
}
