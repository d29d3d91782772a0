//! The pages of `docs/` that teach: each is walked from top to bottom as a reader would, and what
//! the page shows must be what happens. `CONTRIBUTING.md` says how such a page is written.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

mod home;
mod page;
mod reader;
mod terminal;
mod transcript;

use reader::Reader;

#[test]
fn module_authors_guide_for_python() {
    Reader::new().read("docs/module-authors-guide-python.md");
}
