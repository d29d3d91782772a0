//! Modules that run as another user than `mgrd`, which must be root for that.
//!
//! * `account` is a user as the system knows it, and `accounts` asks the system.
//! * `login` sets up what a process of that user needs, and becomes that user in the child.
//! * `own_folder` opens folders that only `mgrd` can change, and `data_folder` the folder of a module.
//! * `capabilities` are the rights of `mgrd` that this takes.
//! * `trusted` checks what a module runs that keeps the rights of root.
//! * `acl` lets one user reach a file, and no other.

mod account;
mod account_error;
mod accounts;
mod acl;
mod capabilities;
mod data_folder;
mod login;
mod login_error;
mod own_folder;
mod trusted;

pub use account_error::AccountError;
pub(in crate::module) use accounts::Accounts;
pub(in crate::module) use data_folder::check_owner;
pub(in crate::module) use login::Login;
pub use login_error::LoginError;
pub(in crate::module) use trusted::check_trusted;
