use super::*;

fn announce(documents: &Documents, version: u64) {
    documents.changed(vec![DocumentVersion { name: "d".into(), version }]);
}

#[test]
fn a_copy_is_valid_after_the_host_announced_its_version_and_until_it_announces_a_newer_one() {
    let documents = Documents::default();
    let json = || Some(Bytes::from_static(b"{}"));
    assert_eq!(documents.before("d"), (true, 0, 0));
    documents.take("d", 1, json(), 0);
    assert_eq!(documents.newest("d"), None, "nothing shows yet that the host announces changes");
    announce(&documents, 2);
    assert_eq!(documents.before("d"), (false, 1, 1));
    documents.take("d", 2, json(), 1);
    assert_eq!(documents.newest("d").unwrap().unwrap().version, 2);
    announce(&documents, 3);
    assert_eq!(documents.newest("d"), None);
}

#[test]
fn an_answer_older_than_an_announcement_is_not_taken_for_the_newest() {
    let documents = Documents::default();
    let (_, _, announcements) = documents.before("d");
    announce(&documents, 2);
    documents.take("d", 1, Some(Bytes::new()), announcements);
    assert_eq!(documents.newest("d"), None);
}
