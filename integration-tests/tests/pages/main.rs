//! The tutorials in `docs/`. Each test follows a page from top to bottom as a reader would, and
//! compares what happens with what the page shows. `CONTRIBUTING.md` explains how to write such a page.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

mod client;
mod codec;
mod error;
mod exchange;
mod home;
mod keyboard;
mod page;
mod program;
mod reader;
mod terminal;
mod transcript;

use integration_tests::places;
use prost_reflect::DescriptorPool;
use reader::Reader;

#[test]
fn module_authors_guide_for_python() {
    Reader::new().read("docs/module-authors-guide-python.md");
}

#[test]
fn module_authors_guide_for_rust() {
    Reader::new().read("docs/module-authors-guide-rust.md");
}

#[test]
fn any_language() {
    Reader::new().read("docs/any-language.md");
}

#[test]
fn any_language_shows_every_call_and_every_message_of_a_session() {
    let page = std::fs::read_to_string(places::repository().join("docs/any-language.md")).unwrap();
    let pool = DescriptorPool::decode(mgrd_proto::v1::DESCRIPTORS).unwrap();
    let service = pool.get_service_by_name("mgrd.v1.ModuleHostService").unwrap();
    for method in service.methods() {
        let call = method.name();
        assert!(
            page.contains(&format!("→ {call}\n")) || page.contains(&format!("→ {call} {{")),
            "{call}"
        );
    }
    for message in ["AttachRequest", "AttachResponse"] {
        for field in pool.get_message_by_name(&format!("mgrd.v1.{message}")).unwrap().fields() {
            assert!(page.contains(field.name()), "{message}: {}", field.name());
        }
    }
}
