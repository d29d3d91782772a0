use super::*;

fn text(documents: &Documents, name: &str) -> Option<String> {
    documents.get(name).map(|d| String::from_utf8(d.json.to_vec()).unwrap())
}

#[test]
fn equal_bytes_are_not_a_change() {
    let documents = Documents::default();
    let first = documents.put("osd_map", "{}".into());
    assert_eq!(documents.put("osd_map", "{}".into()), first);
    assert_eq!(documents.get_if_newer("osd_map", first), Newer::Unchanged);
    assert!(documents.put("osd_map", "{\"epoch\":2}".into()) > first);
    assert!(matches!(documents.get_if_newer("osd_map", first), Newer::Changed(_)));
    assert_eq!(documents.get_if_newer("osd_mop", 0), Newer::Absent);
}

#[test]
fn a_feeds_document_about_its_manager_is_never_shown_as_ours() {
    let documents = Documents::default();
    let mut latest = documents.subscribe();
    documents.put("mgr_map", "{\"active_name\":\"x\"}".into());
    assert_eq!(documents.get("mgr_map"), None);
    assert!(!latest.has_changed().unwrap());
    assert!(documents.names().is_empty());
    documents.put_own("mgr_map", "{\"active_name\":\"me\"}".into());
    assert!(latest.has_changed().unwrap());
    latest.mark_unchanged();
    documents.put("mgr_map", "{\"active_name\":\"y\"}".into());
    documents.remove("mgr_map");
    assert!(!latest.has_changed().unwrap());
    assert_eq!(text(&documents, "mgr_map").unwrap(), "{\"active_name\":\"me\"}");
}

#[test]
fn our_document_hides_a_feeds_document_of_the_same_name() {
    let documents = Documents::default();
    documents.put_own("mgr_ips", "1".into());
    documents.put("mgr_ips", "2".into());
    assert_eq!(text(&documents, "mgr_ips").unwrap(), "1");
    assert_eq!(documents.feed_document("mgr_ips").unwrap().json, "2");
}

#[test]
fn changes_and_removals_are_listed_in_order() {
    let documents = Documents::default();
    documents.put("b", "1".into());
    let seen = documents.put("a", "1".into());
    documents.put("c", "1".into());
    documents.put("b", "2".into());
    documents.remove("a");
    let names: Vec<_> = documents.changed_since(seen).into_iter().map(|(n, _)| n).collect();
    assert_eq!(names, ["c".into(), "b".into(), "a".into()]);
    assert_eq!(*documents.subscribe().borrow(), documents.changed_since(seen)[2].1);
    assert_eq!(documents.get("a"), None);
}

#[test]
fn names_of_removed_documents_do_not_pile_up() {
    let documents = Documents::default();
    for n in 0..5 * REMOVED_NAMES {
        documents.put(&format!("d{n}"), "1".into());
        documents.remove(&format!("d{n}"));
    }
    assert!(documents.slots.read().by_name.len() <= REMOVED_NAMES + 1);
}

#[test]
fn the_document_of_one_device_comes_from_the_list() {
    let documents = Documents::default();
    assert_eq!(documents.get("device A1"), None);
    documents.put("devices", r#"{"devices":[{"devid":"A1","daemons":["osd.0"]}]}"#.into());
    let found = text(&documents, "device A1").unwrap();
    assert_eq!(found, r#"{"device":{"devid":"A1","daemons":["osd.0"]}}"#);
    assert_eq!(text(&documents, "device B2").unwrap(), "{}");
    assert_eq!(documents.get("device "), None);
}
