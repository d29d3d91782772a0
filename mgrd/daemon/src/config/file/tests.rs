use super::*;

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_known_ones() {
    let why = ConfigFile::parse("id = \"x\"\nscket = \"/tmp/s\"\n").unwrap_err().to_string();
    for part in ["line 2", "scket", "socket"] {
        assert!(why.contains(part), "{why:?} lacks {part:?}");
    }
}

#[test]
fn a_bad_value_is_named_with_its_line_and_the_allowed_ones() {
    let why = ConfigFile::parse("log_format = \"xml\"").unwrap_err().to_string();
    for part in ["line 1", "xml", "human", "json"] {
        assert!(why.contains(part), "{why:?} lacks {part:?}");
    }
}
