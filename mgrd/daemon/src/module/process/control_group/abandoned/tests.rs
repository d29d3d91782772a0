use super::*;

#[test]
fn a_folder_names_its_manager() {
    let owner = Owner { namespace: 4_026_531_836, id: ProcessId { pid: 17, start: 99 } };
    assert_eq!(Owner::read(&owner.name()), Some(owner));
    for name in [
        "",
        "mgrd",
        "mgrd-",
        "mgrd-managers",
        "mgrd-1-2",
        "mgrd-1-2-3-4",
        "mgrd-1-2-x",
        "mgrd-1--2-3",
        "mgrd-01-2-3",
        "mgrd-1-2-+3",
        "mgrd-99999999999999999999-2-3",
        "other-1-2-3",
    ] {
        assert_eq!(Owner::read(name), None, "{name}");
    }
}

#[test]
fn only_the_groups_of_managers_that_are_gone_are_removed() {
    let this = Owner::this().unwrap();
    assert!(this.lives());
    let gone = Owner { id: ProcessId { start: this.id.start + 1, ..this.id }, ..this };
    let elsewhere = Owner { namespace: this.namespace + 1, ..gone };
    let base = tempfile::tempdir().unwrap();
    let names = [this.name(), elsewhere.name(), gone.name(), "mgrd-managers".to_owned()];
    for name in &names {
        std::fs::create_dir_all(base.path().join(name).join("1-m")).unwrap();
    }
    end_in(base.path(), this.namespace, Instant::now());
    let left = names.map(|name| base.path().join(name).exists());
    assert_eq!(left, [true, true, false, true]);
}
