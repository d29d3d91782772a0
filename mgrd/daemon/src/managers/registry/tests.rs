use serde_json::Value;

use super::*;

fn manager(id: &str, gid: u64) -> Manager {
    Manager { id: id.to_owned(), gid, ..Manager::default() }
}

fn names(managers: &Managers) -> Vec<String> {
    managers.standbys().into_iter().map(|manager| manager.id).collect()
}

#[test]
fn a_name_is_given_once_and_free_again_afterwards() {
    let managers = Managers::new(manager("x", 1));
    let why = managers.register(manager("x", 2)).err().unwrap().to_string();
    assert!(why.contains("'x'") && why.contains("--id"), "{why}");
    let y = managers.register(manager("y", 3)).unwrap();
    assert!(managers.register(manager("y", 4)).is_err());
    drop(y);
    assert!(names(&managers).is_empty());
    let _y = managers.register(manager("y", 4)).unwrap();
    assert_eq!(names(&managers), ["y"]);
}

#[tokio::test]
async fn the_same_start_takes_over_from_itself() {
    let managers = Managers::new(manager("x", 1));
    let mut former = managers.register(manager("y", 2)).unwrap();
    let now = managers.register(manager("y", 2)).unwrap();
    former.dropped().await;
    drop(former);
    assert_eq!(names(&managers), ["y"]);
    let before = *managers.version().borrow();
    now.set_modules(Value::from(1));
    assert!(*managers.version().borrow() > before);
}

#[tokio::test]
async fn a_manager_is_failed_by_name_or_gid() {
    let managers = Managers::new(manager("x", 1));
    let mut y = managers.register(manager("y", 2)).unwrap();
    let _z = managers.register(manager("z", 3)).unwrap();
    let why = managers.fail(Some("w")).unwrap_err().to_string();
    assert!(why.contains("'w'"), "{why}");
    assert_eq!(managers.fail(Some("2")).unwrap(), Failed::Standby);
    y.dropped().await;
    assert_eq!(names(&managers), ["z"]);
    assert_eq!(managers.fail(None).unwrap(), Failed::Active(vec!["z".to_owned()]));
    managers.stepping_down().await;
}
