use super::*;

fn told(documents: &Documents, version: u64) {
    documents.changed(vec![DocumentVersion { name: "d".into(), version }]);
}

#[test]
fn a_copy_is_trusted_once_the_host_follows_and_until_it_tells_of_a_newer_one() {
    let documents = Documents::default();
    let json = || Some(Bytes::from_static(b"{}"));
    assert_eq!(documents.before("d"), (true, 0, 0));
    documents.take("d", 1, json(), 0);
    assert_eq!(documents.newest("d"), None, "nothing proves that the host tells");
    told(&documents, 2);
    assert_eq!(documents.before("d"), (false, 1, 1));
    documents.take("d", 2, json(), 1);
    assert_eq!(documents.newest("d").unwrap().unwrap().version, 2);
    told(&documents, 3);
    assert_eq!(documents.newest("d"), None);
}

#[test]
fn an_answer_that_was_overtaken_is_not_trusted() {
    let documents = Documents::default();
    let (_, _, news) = documents.before("d");
    told(&documents, 2);
    documents.take("d", 1, Some(Bytes::new()), news);
    assert_eq!(documents.newest("d"), None);
}
