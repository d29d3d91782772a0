//! Messages that no SDK and no feed sends, in any order, through the code that decodes and handles
//! them.

mod feed;
pub(super) mod place;
mod session;
pub(super) mod wire;
