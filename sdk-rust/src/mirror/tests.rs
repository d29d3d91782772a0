use super::*;

fn entry(key: &str, value: Option<&str>, revision: u64) -> Entry {
    Entry { key: key.into(), value: value.map(Into::into), revision }
}

#[test]
fn a_late_push_does_not_undo_a_newer_write() {
    let mirror = Mirror::new(vec![entry("a", Some("new"), 5)]);
    mirror.apply([entry("a", Some("old"), 4), entry("b", None, 7), entry("b", Some("old"), 6)]);
    assert_eq!(mirror.get("a").as_deref(), Some("new"));
    assert_eq!(mirror.get("b"), None);
}

#[test]
fn the_last_part_of_a_snapshot_removes_what_no_part_named() {
    let mirror = Mirror::new(vec![
        entry("gone", Some("1"), 1),
        entry("kept", Some("1"), 2),
        entry("own", Some("new"), 9),
        entry("removed", None, 3),
    ]);
    mirror.take_part(5, vec![entry("a", Some("1"), 4)], false);
    mirror.apply([entry("a", Some("2"), 6), entry("pushed", Some("1"), 7)]);
    mirror.take_part(5, vec![entry("kept", Some("1"), 2), entry("own", Some("old"), 4)], true);
    let all = ["a", "kept", "own", "pushed"].map(str::to_owned);
    let values = ["2", "1", "new", "1"].map(str::to_owned);
    assert_eq!(mirror.prefix(""), all.into_iter().zip(values).collect());
}

#[test]
fn a_snapshot_that_starts_again_replaces_the_parts_of_its_first_start() {
    let mirror = Mirror::default();
    mirror.take_part(5, vec![entry("a", Some("1"), 4)], false);
    mirror.take_part(8, vec![entry("b", Some("1"), 4)], false);
    mirror.take_part(8, vec![], true);
    assert_eq!(mirror.prefix(""), BTreeMap::from([("b".into(), "1".into())]));
}

#[test]
fn a_prefix_finds_only_the_keys_that_begin_with_it() {
    let mirror = Mirror::new(vec![
        entry("a", Some("0"), 1),
        entry("a/1", Some("1"), 1),
        entry("a/2", None, 1),
        entry("a0", Some("2"), 1),
    ]);
    assert_eq!(mirror.prefix("a/"), BTreeMap::from([("a/1".into(), "1".into())]));
}

#[test]
fn removed_keys_are_not_kept_for_ever() {
    let mirror = Mirror::default();
    for revision in 0..3 * TOMBSTONES as u64 {
        mirror.apply([entry(&revision.to_string(), None, revision)]);
    }
    assert!(mirror.0.read().entries.len() <= TOMBSTONES);
}
