//! Settings and their changes.

use super::*;

fn read(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|why| why.to_string())
}

#[test]
fn settings_survive_being_stored() {
    let settings =
        read("memory = '1.5G'\ncpu = 'unlimited'\nin_flight = 7\ncommand_deadline = 0.25");
    let settings = settings.unwrap();
    assert_eq!(settings.get(Limit::Memory), Some(Some(3 << 29)));
    assert_eq!(settings.get(Limit::CommandDeadline), Some(Some(250)));
    assert_eq!((settings.get(Limit::Cpu), settings.get(Limit::StoreKeys)), (Some(None), None));
    let stored = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), settings);
}

#[test]
fn the_older_name_of_memory_is_in_mebibytes() {
    assert_eq!(read("memory_mb = 64").unwrap().get(Limit::Memory), Some(Some(64 << 20)));
    for (text, part) in [
        ("memory_mb = 0", "use 1 to 16777216"),
        ("memory_mb = -1", "use 1 to 16777216"),
        ("memory_mb = 16777217", "use 1 to 16777216"),
        ("memory_mb = 1.5", "use 1 to 16777216"),
        ("memory_mb = '+1'", "use 1 to 16777216"),
        ("memory_mb = 64\nmemory = '64M'", "memory is given more than once"),
    ] {
        let why = read(text).unwrap_err();
        assert!(why.contains(part), "{text}: {why}");
    }
}

#[test]
fn a_change_sets_and_takes_back() {
    let before = read("memory = '1G'\nin_flight = 7").unwrap();
    let change = Change::read(["memory=default", "store_keys=9", "cpu=unlimited"]).unwrap();
    let after = before.changed(&change);
    assert_eq!(after, read("in_flight = 7\nstore_keys = 9\ncpu = 'unlimited'").unwrap());
    assert_eq!(after.changed(&change), after);
    assert_eq!(before.changed(&Change::default()), before);
    assert!(before.changed(&Change::reset()).is_empty());
}

#[test]
fn a_change_with_a_mistake_is_refused_as_a_whole() {
    for words in [
        &["memory=1G", "cpu=much"][..],
        &["memory=1G", "memory=default"],
        &["memory=1G", "nope=1"],
        &["memory=1G", "cpu"],
        &["=1G"],
        &["memory=1G=1G"],
        &[""],
    ] {
        assert!(Change::read(words.iter().copied()).is_err(), "{words:?}");
    }
}
