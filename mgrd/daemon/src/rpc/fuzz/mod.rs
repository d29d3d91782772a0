//! Messages that no SDK and no feed sends, in any order, through the code that decodes and handles
//! them.

mod feed;
mod place;
mod session;
mod wire;
